// A Content-Type as the intake reads it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace penstock::gateway {

struct MediaType {
  std::string essence;   ///< "application/json", lower case; "" when none was sent
  std::string charset;   ///< lower case; "" when none was named
  std::string boundary;  ///< of multipart

  bool is(std::string_view other) const { return essence == other; }
  /// JSON by its name: application/json, text/json, or a name that ends in +json.
  bool is_json() const;
  bool is_text() const;
  /// No charset, or one whose bytes are UTF-8 already.
  bool is_utf8() const;
  bool is_latin1() const;

  static MediaType parse(std::string_view header);
};

}  // namespace penstock::gateway
