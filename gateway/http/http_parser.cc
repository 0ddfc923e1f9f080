#include "gateway/http/http_parser.h"

#include <llhttp.h>

#include "gateway/http/chars.h"
#include "gateway/http/target.h"

namespace penstock::gateway {

struct HttpParser::State {
  llhttp_t parser;
  llhttp_settings_t settings;
  RequestHead* out = nullptr;
  bool in_value = false;  ///< the last header has its value, or a piece of it
  bool complete = false;

  static State& of(llhttp_t* parser) { return *static_cast<State*>(parser->data); }
  static int on_url(llhttp_t* parser, const char* at, size_t size);
  static int on_name(llhttp_t* parser, const char* at, size_t size);
  static int on_value(llhttp_t* parser, const char* at, size_t size);
  static int on_head(llhttp_t* parser);
};

/// Grows `view` up to the end of a piece; llhttp may hand over one span in several.
static void extend(std::string_view& view, const char* at, size_t size) {
  const char* begin = view.data() ? view.data() : at;
  view = {begin, static_cast<size_t>(at + size - begin)};
}

int HttpParser::State::on_url(llhttp_t* parser, const char* at, size_t size) {
  extend(of(parser).out->target, at, size);
  return 0;
}

int HttpParser::State::on_name(llhttp_t* parser, const char* at, size_t size) {
  State& state = of(parser);
  if (state.in_value || state.out->headers.empty()) state.out->headers.emplace_back();
  state.in_value = false;
  extend(state.out->headers.back().name, at, size);
  return 0;
}

int HttpParser::State::on_value(llhttp_t* parser, const char* at, size_t size) {
  State& state = of(parser);
  state.in_value = true;
  extend(state.out->headers.back().value, at, size);
  return 0;
}

int HttpParser::State::on_head(llhttp_t* parser) {
  of(parser).complete = true;
  parser->upgrade = 0;  // none is offered; the body is ours to frame
  return HPE_PAUSED;
}

HttpParser::HttpParser() : state_(std::make_unique<State>()) {
  llhttp_settings_init(&state_->settings);
  state_->settings.on_url = State::on_url;
  state_->settings.on_header_field = State::on_name;
  state_->settings.on_header_value = State::on_value;
  state_->settings.on_headers_complete = State::on_head;
}

HttpParser::~HttpParser() = default;

/// Whether llhttp would frame the body as the raw check does.
static bool agrees(const llhttp_t& parser, const HeadFacts& facts) {
  const bool chunked = parser.flags & F_CHUNKED;
  const bool length = parser.flags & F_CONTENT_LENGTH;
  const auto expected = facts.framing.content_length();
  return chunked == facts.framing.chunked() && length == expected.has_value() &&
         (!length || parser.content_length == *expected) && parser.http_major == 1 &&
         parser.http_minor == (facts.http_1_0 ? 0 : 1);
}

Check HttpParser::parse(std::string_view head, const HeadFacts& facts, RequestHead& out) {
  State& state = *state_;
  llhttp_init(&state.parser, HTTP_REQUEST, &state.settings);
  state.parser.data = &state;
  state.out = &out;
  state.in_value = state.complete = false;
  out.headers.clear();
  out.target = {};
  llhttp_execute(&state.parser, head.data(), head.size());
  const std::string_view target = head.substr(facts.target_at, facts.target_size);
  if (!state.complete || !agrees(state.parser, facts) || out.target != target) {
    return bad_request("the request head is not valid HTTP/1.1");
  }
  for (HeaderView& header : out.headers) header.value = chars::trim(header.value);
  out.method = facts.method;
  out.method_text = head.substr(facts.start, facts.target_at - facts.start - 1);
  out.content_length = facts.framing.content_length();
  out.chunked = facts.framing.chunked();
  Target parts;
  const Check wrong = split_target(target, facts.method, parts);
  out.path = parts.path;
  out.query = parts.query;
  return wrong;
}

static void move_view(std::string_view& view, const char* from, const char* to) {
  if (view.data()) view = {to + (view.data() - from), view.size()};
}

void rebase(RequestHead& head, const char* from, const char* to) {
  for (std::string_view* view : {&head.method_text, &head.target, &head.path, &head.query}) {
    move_view(*view, from, to);
  }
  for (HeaderView& header : head.headers) {
    move_view(header.name, from, to);
    move_view(header.value, from, to);
  }
}

}  // namespace penstock::gateway
