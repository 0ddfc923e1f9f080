#include "bench/load/payload.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <sstream>

namespace penstock::bench {

Result<uint64_t> parse_size(std::string_view text) {
  uint64_t size = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), size);
  std::string unit(read.ptr, text.data() + text.size());
  for (char& c : unit) c = static_cast<char>(tolower(static_cast<unsigned char>(c)));
  if (read.ec == std::errc() && size <= Payloads::file_bytes_max) {
    if (unit.empty() || unit == "b") return size;
    if (unit == "k" || unit == "kb" || unit == "kib") return size * 1024;
    if (unit == "m" || unit == "mb" || unit == "mib") return size * 1024 * 1024;
  }
  return Status::invalid("\"" + std::string(text) + "\" is no size such as 300, 1k or 2m");
}

/// Cuts "*WEIGHT" off the end of `spec`; 1 where there is none.
static uint64_t take_weight(std::string& spec) {
  const size_t star = spec.rfind('*');
  if (star == std::string::npos) return 1;
  uint64_t weight = 0;
  const char* end = spec.data() + spec.size();
  const auto read = std::from_chars(spec.data() + star + 1, end, weight);
  if (read.ec != std::errc() || read.ptr != end || weight == 0 || weight > 1'000'000) return 1;
  spec.resize(star);
  return weight;
}

void Payloads::add(Template text, uint64_t weight) {
  entries_.push_back({std::move(text), weight});
  weights_ += weight;
}

static Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (!file || !(text << file.rdbuf()))
    return Status::io("cannot read " + path + ", or it is empty");
  if (text.view().size() > Payloads::file_bytes_max)
    return Status::invalid(path + " is larger than 64 MB");
  return std::move(text).str();
}

Status Payloads::add_file(const std::string& spec, bool raw) {
  std::string path = spec;
  const uint64_t weight = take_weight(path);
  auto text = read_file(path);
  if (!text) return text.status();
  if (raw) {
    add(Template::verbatim(*std::move(text)), weight);
    return {};
  }
  auto parsed = Template::parse(*text);
  if (!parsed) return Status::invalid(path + ": " + parsed.status().message());
  add(*std::move(parsed), weight);
  return {};
}

/// Words rather than one letter over and over: what a compressor sees is what it sees in real life.
static std::string filler(size_t size) {
  constexpr std::string_view kWords[] = {"order",  "created",  "invoice",  "customer",
                                         "paid",   "shipment", "ticket",   "updated",
                                         "amount", "currency", "reference"};
  Random random(size);
  std::string out;
  while (out.size() < size) {
    out += kWords[random.below(std::size(kWords))];
    out += ' ';
    out += std::to_string(random.below(1'000'000));
    out += ' ';
  }
  out.resize(size);
  return out;
}

Status Payloads::add_size(const std::string& spec) {
  std::string text = spec;
  const uint64_t weight = take_weight(text);
  const auto size = parse_size(text);
  if (!size) return size.status();
  const std::string front = R"({"seq":{{seq}},"id":"{{uuid}}","type":"order.created","text":")";
  constexpr size_t kFrontBytes = 89, kLeast = 96;  // as rendered, with a number of six digits
  if (*size < kLeast) {
    add(*Template::parse(R"({"seq":{{seq}}})"), weight);
    return {};
  }
  add(*Template::parse(front + filler(*size - kFrontBytes - 2) + "\"}"), weight);
  return {};
}

void Payloads::render(uint64_t seq, std::string& out) const {
  Random random(seed_ ^ (seq * 0x9e3779b97f4a7c15));
  uint64_t choice = entries_.size() > 1 ? random.below(weights_) : 0;
  size_t at = 0;
  while (choice >= entries_[at].weight) choice -= entries_[at++].weight;
  entries_[at].text.render(seq, random, out);
}

}  // namespace penstock::bench
