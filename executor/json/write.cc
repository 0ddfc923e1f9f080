#include "executor/json/write.h"

#include <array>

#include "executor/json/document.h"
#include "executor/json/number.h"
#include "executor/json/value.h"

namespace penstock::json {
namespace {

// 0: as it is; 'u': \u00XX; else the letter behind the backslash.
constexpr std::array<char, 256> escapes = [] {
  std::array<char, 256> table{};
  for (size_t c = 0; c < 32; c++) table[c] = 'u';
  table['"'] = '"';
  table['\\'] = '\\';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  return table;
}();

void append_escape(unsigned char c, std::string& out) {
  static constexpr char hex[] = "0123456789abcdef";
  out.push_back('\\');
  out.push_back(escapes[c]);
  if (escapes[c] != 'u') return;
  out.append("00");
  out.push_back(hex[c >> 4]);
  out.push_back(hex[c & 15]);
}

void write_array(const Value& array, std::string& out) {
  out.push_back('[');
  const size_t count = array.size();
  for (size_t i = 0; i < count; i++) {
    if (i > 0) out.push_back(',');
    array.at(i).write(out);
  }
  out.push_back(']');
}

void write_object(const Value& object, std::string& out) {
  out.push_back('{');
  const size_t count = object.size();
  for (size_t i = 0; i < count; i++) {
    if (i > 0) out.push_back(',');
    const Member member = object.member(i);
    append_quoted(member.key.as_string(), out);
    out.push_back(':');
    member.value.write(out);
  }
  out.push_back('}');
}

void write_number(const Value& number, std::string& out) {
  const std::string_view text = number.number_text();
  if (text.empty()) return append_number(number.as_double(), out);
  out.append(text);
}

}  // namespace

void append_quoted(std::string_view text, std::string& out) {
  out.push_back('"');
  size_t plain = 0;
  for (size_t i = 0; i < text.size(); i++) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (escapes[c] == 0) continue;
    out.append(text.substr(plain, i - plain));
    append_escape(c, out);
    plain = i + 1;
  }
  out.append(text.substr(plain)).push_back('"');
}

void Value::write(std::string& out) const {
  if (rep_ >= Rep::kDocArray && document().verbatim(item_)) {
    out.append(document().slice(document().items[item_]));
    return;
  }
  switch (kind()) {
    case Kind::kNull:
      out.append("null");
      break;
    case Kind::kBool:
      out.append(as_bool() ? "true" : "false");
      break;
    case Kind::kNumber:
      write_number(*this, out);
      break;
    case Kind::kString:
      append_quoted(as_string(), out);
      break;
    case Kind::kArray:
      write_array(*this, out);
      break;
    case Kind::kObject:
      write_object(*this, out);
      break;
  }
}

std::string Value::dump() const {
  std::string out;
  write(out);
  return out;
}

}  // namespace penstock::json
