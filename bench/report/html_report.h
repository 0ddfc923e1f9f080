// A report as one HTML file that needs nothing else: charts as inline SVG, figures as tables, light
// and dark. Pure.
#pragma once

#include <string>

#include "bench/report/report.h"

namespace penstock::bench {

std::string to_html(const Report& report);

}  // namespace penstock::bench
