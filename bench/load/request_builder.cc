#include "bench/load/request_builder.h"

#include <strings.h>

#include <charconv>

namespace penstock::bench {

RequestBuilder::RequestBuilder(const LoadOptions& options, Payloads payloads,
                               std::unique_ptr<Signer> signer, std::string run)
    : options_(options),
      payloads_(std::move(payloads)),
      signer_(std::move(signer)),
      run_(std::move(run)),
      keys_(options.keys || options.resend || options.duplicates_pct > 0) {}

Result<std::unique_ptr<RequestBuilder>> RequestBuilder::make(const LoadOptions& options,
                                                             Payloads payloads,
                                                             std::unique_ptr<Signer> signer,
                                                             std::string run) {
  std::unique_ptr<RequestBuilder> builder(
      new RequestBuilder(options, std::move(payloads), std::move(signer), std::move(run)));
  PENSTOCK_TRY(builder->read_headers());
  return builder;
}

static Status check_field(const std::string& field) {
  const size_t colon = field.find(':');
  if (colon == 0 || colon == std::string::npos)
    return Status::invalid("--header \"" + field + "\" is not \"Name: value\"");
  if (field.find_first_of("\r\n") != std::string::npos)
    return Status::invalid("--header must not hold a line end");
  return {};
}

/// Prefer as the target needs it; "" where the trigger's own setting is what is measured.
static std::string prefer_of(const LoadOptions& options) {
  switch (options.target) {
    case Target::kAck:
      return "";
    case Target::kWait:
      return "Prefer: wait=" + std::to_string(options.wait_s) + "\r\n";
    case Target::kPoll:
    case Target::kStream:
    case Target::kEndToEnd:
      break;
  }
  return "Prefer: respond-async\r\n";
}

Status RequestBuilder::read_headers() {
  std::string fields, type = "Content-Type: " + options_.content_type + "\r\n";
  for (const std::string& field : options_.headers) {
    PENSTOCK_TRY(check_field(field));
    if (strncasecmp(field.c_str(), "content-type:", 13) == 0)
      type = field + "\r\n";
    else
      fields += field + "\r\n";
  }
  const std::string host =
      "Host: " + options_.url.authority() + "\r\nUser-Agent: penstock-bench\r\n";
  std::string head = "POST " + options_.url.target + " HTTP/1.1\r\n" + host + type + fields;
  if (!options_.tag.empty()) head += "Penstock-Tag: " + options_.tag + "\r\n";
  auto parsed = Template::parse(head + prefer_of(options_));
  if (!parsed) return parsed.status();
  head_ = *std::move(parsed);
  auto get_fields = Template::parse(host + fields);
  if (!get_fields) return get_fields.status();
  get_fields_ = *std::move(get_fields);
  return {};
}

void RequestBuilder::append_own_headers(uint64_t first) {
  if (!keys_ && !signer_) return;
  const std::string message = run_ + "-" + std::to_string(first);
  if (keys_) out_.append("Idempotency-Key: ").append(message).append("\r\n");
  if (signer_) signer_->append(message, clock_.wall_ms() / 1000, body_, out_);
}

std::string_view RequestBuilder::post(uint64_t first, size_t count) {
  if (cached_) return out_;
  body_.clear();
  for (size_t i = 0; i < count; i++) {
    payloads_.render(first + i, body_);
    if (count > 1) body_.push_back('\n');
  }
  out_.clear();
  Random random(options_.seed + first);
  head_.render(first, random, out_);
  append_own_headers(first);
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), body_.size()).ptr;
  out_.append("Content-Length: ").append(digits, end).append("\r\n\r\n").append(body_);
  cached_ = payloads_.constant() && head_.constant() && !keys_ && !signer_ && count == 1;
  return out_;
}

std::string_view RequestBuilder::get(std::string_view path, bool stream) {
  Random random(options_.seed);
  get_.assign("GET ").append(path).append(" HTTP/1.1\r\n");
  get_fields_.render(0, random, get_);
  if (stream) get_.append("Accept: text/event-stream\r\n");
  get_.append("\r\n");
  return get_;
}

}  // namespace penstock::bench
