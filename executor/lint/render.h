// A report as people read it (`file:line:column: error: …`, the line, a caret, a hint) and as
// programs do (JSON). Pure, any thread.
#pragma once

#include <string>
#include <string_view>

#include "executor/lint/lint.h"

namespace penstock::lint {

enum class Colour : uint8_t { kOff, kOn };

/// One line, the source line and a caret for each finding. `source` is the text that was judged.
std::string render_text(const Report& report, std::string_view file, std::string_view source,
                        Colour colour);

/// `{"file","sound","errors","warnings","name","findings":[{"severity","code","line","column",
/// "pointer","message","hint"}]}`, on one line.
std::string render_json(const Report& report, std::string_view file);

}  // namespace penstock::lint
