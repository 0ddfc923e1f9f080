#include "bench/load/template.h"

#include <array>
#include <charconv>

#include "proto/suggest.h"

namespace penstock::bench {

static constexpr std::array<std::string_view, 3> kPlaces = {"seq", "uuid", "random"};

static std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Template Template::verbatim(std::string text) {
  Template out;
  out.text_ = std::move(text);
  return out;
}

Result<Template> Template::parse(std::string_view text) {
  Template out;
  while (true) {
    const size_t open = text.find("{{"), close = text.find("}}", open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    out.parts_.push_back({Kind::kText, out.text_.size(), open});
    out.text_.append(text.substr(0, open));
    PENSTOCK_TRY(out.add_place(trimmed(text.substr(open + 2, close - open - 2))));
    text.remove_prefix(close + 2);
  }
  if (!out.parts_.empty()) out.parts_.push_back({Kind::kText, out.text_.size(), text.size()});
  out.text_.append(text);
  return out;
}

Status Template::add_place(std::string_view place) {
  const size_t space = place.find(' ');
  const std::string_view word = place.substr(0, space);
  const std::string_view rest = space == std::string_view::npos ? "" : trimmed(place.substr(space));
  if (place == "seq")
    parts_.push_back({Kind::kSeq, 0, 0});
  else if (place == "uuid")
    parts_.push_back({Kind::kUuid, 0, 0});
  else if (word == "random") {
    size_t size = 0;
    const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), size);
    if (read.ec != std::errc() || read.ptr != rest.data() + rest.size() || size > random_max)
      return Status::invalid("{{random N}}: N is a number of characters, at most 16777216");
    parts_.push_back({Kind::kRandom, 0, size});
  } else {
    return Status::invalid("{{" + std::string(place) +
                           "}} is none of {{seq}} {{uuid}} {{random N}}" +
                           did_you_mean(word, kPlaces) + " (--raw sends the file as it is)");
  }
  return {};
}

static void append_number(uint64_t number, std::string& out) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  out.append(digits, end);
}

static void append_random(size_t size, Random& random, std::string& out) {
  constexpr std::string_view kLetters =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
  for (uint64_t bits = 0, left = 0; size > 0; size--, left--, bits >>= 6) {
    if (left == 0) {
      bits = random.next();
      left = 10;  // six bits a letter
    }
    out.push_back(kLetters[bits & 63]);
  }
}

static void append_uuid(Random& random, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const uint64_t halves[2] = {(random.next() & ~uint64_t{0xf000}) | 0x4000,
                              (random.next() & ~(uint64_t{3} << 62)) | (uint64_t{2} << 62)};
  for (int i = 0; i < 32; i++) {
    if (i == 8 || i == 12 || i == 16 || i == 20) out.push_back('-');
    out.push_back(kHex[(halves[i / 16] >> (60 - 4 * (i % 16))) & 15]);
  }
}

void Template::render(uint64_t seq, Random& random, std::string& out) const {
  if (constant()) {
    out.append(text_);
    return;
  }
  for (const Part& part : parts_) {
    switch (part.kind) {
      case Kind::kText:
        out.append(text_, part.at, part.size);
        break;
      case Kind::kSeq:
        append_number(seq, out);
        break;
      case Kind::kUuid:
        append_uuid(random, out);
        break;
      case Kind::kRandom:
        append_random(part.size, random, out);
        break;
    }
  }
}

}  // namespace penstock::bench
