#include "gateway/verify/signed_text.h"

#include <algorithm>

#include "gateway/verify/url.h"

namespace penstock::verify {

void SignedText::add_secret() {
  secret_at_ = pieces_.size();
  pieces_.push_back("{secret}");
}

std::vector<std::string_view> SignedText::pieces(std::string_view secret) const {
  std::vector<std::string_view> all = pieces_;
  if (secret_at_ != nowhere) all[secret_at_] = secret;
  return all;
}

std::string SignedText::shown() const {
  std::string text;
  for (const std::string_view piece : pieces_) text += piece;
  return text;
}

Result<TextTemplate::Part> TextTemplate::placeholder(std::string_view name) {
  static constexpr std::pair<std::string_view, Kind> kNames[] = {
      {"body", Kind::kBody},     {"timestamp", Kind::kTimestamp}, {"id", Kind::kId},
      {"url", Kind::kUrl},       {"path", Kind::kPath},           {"query", Kind::kQuery},
      {"method", Kind::kMethod}, {"form", Kind::kForm},           {"secret", Kind::kSecret}};
  for (const auto& [known, kind] : kNames)
    if (known == name) return Part{kind, {}};
  if (name.starts_with("header:") && name.size() > 7)
    return Part{Kind::kHeader, std::string(name.substr(7))};
  return Status::invalid("{" + std::string(name) +
                         "} is unknown in what is signed; there are {body}, {timestamp}, {id}, "
                         "{url}, {path}, {query}, {method}, {form} and {header:NAME}");
}

void TextTemplate::add_literal(char c) {
  if (parts_.empty() || parts_.back().kind != Kind::kLiteral)
    parts_.push_back({Kind::kLiteral, {}});
  parts_.back().text += c;
}

Result<TextTemplate> TextTemplate::parse(std::string_view text) {
  TextTemplate made;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool doubled = i + 1 < text.size() && text[i + 1] == text[i];
    if (text[i] != '{' || doubled) {
      made.add_literal(text[i]);
      if (doubled && (text[i] == '{' || text[i] == '}')) ++i;
      continue;
    }
    const size_t end = text.find('}', i);
    if (end == std::string_view::npos) return Status::invalid("a { in what is signed has no }");
    Result<Part> part = placeholder(text.substr(i + 1, end - i - 1));
    if (!part) return part.status();
    made.parts_.push_back(std::move(*part));
    i = end;
  }
  return made;
}

bool TextTemplate::uses(Kind kind) const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [kind](const Part& p) { return p.kind == kind; });
}

bool TextTemplate::uses_url() const {
  return uses(Kind::kUrl) || uses(Kind::kPath) || uses(Kind::kQuery);
}

Status TextTemplate::fill(const SignedRequest& request, const TextValues& values,
                          SignedText& out) const {
  for (const Part& part : parts_) {
    switch (part.kind) {
      case Kind::kLiteral:
        out.add(part.text);
        break;
      case Kind::kBody:
        out.add(request.body);
        break;
      case Kind::kTimestamp:
        out.add(values.timestamp);
        break;
      case Kind::kId:
        out.add(values.id);
        break;
      case Kind::kUrl:
        out.add(values.url);
        break;
      case Kind::kPath:
        out.add(split_url(values.url).path);
        break;
      case Kind::kQuery:
        out.add(split_url(values.url).query);
        break;
      case Kind::kMethod:
        out.add(request.method);
        break;
      case Kind::kForm:
        out.add(values.form);
        break;
      case Kind::kSecret:
        out.add_secret();
        break;
      case Kind::kHeader: {
        const auto value = header_value(request, part.text);
        if (!value) return Status::invalid("the header " + part.text + " is missing");
        out.add(*value);
        break;
      }
    }
  }
  return Status();
}

}  // namespace penstock::verify
