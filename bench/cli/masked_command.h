// The command line as it may stand in a report: reports are passed around, secrets are not. Pure.
#pragma once

#include <string>

namespace penstock::bench {

std::string masked_command(int argc, const char* const* argv);
/// The URL with what is behind /hooks/ left out: it is the right to send.
std::string masked_url(const std::string& url);

}  // namespace penstock::bench
