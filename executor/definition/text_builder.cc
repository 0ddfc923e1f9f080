#include "executor/definition/text_builder.h"

#include <algorithm>

#include "proto/limits.h"

namespace penstock::definition {
namespace {

void append_control(unsigned char c, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\u00";
  out += kHex[c >> 4];
  out += kHex[c & 15];
}

std::string shortened(std::string_view text) {
  return text.size() <= 40 ? std::string(text) : std::string(text.substr(0, 37)) + "...";
}

}  // namespace

void append_json_string(std::string_view text, std::string& out) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      append_control(static_cast<unsigned char>(c), out);
    } else {
      out += c;
    }
  }
  out += '"';
}

// Everything that comes before a value's own text: bounds, comma, member name, source map.
Status TextBuilder::open_value(Position at, size_t nodes, size_t height) {
  if (wants_key()) return Status::invalid("a key must be plain text");
  if (open_.empty() && nodes_ > 0) return Status::invalid("text behind the end of the definition");
  if (open_.size() + height > limits::definition_depth_max) {
    return Status::full("nested deeper than " + std::to_string(limits::definition_depth_max) +
                        " levels");
  }
  nodes_ += nodes;
  if (nodes_ > limits::definition_nodes_max) {
    return Status::full("more than " + std::to_string(limits::definition_nodes_max) +
                        " values, counting what aliases repeat");
  }
  std::string key;
  Position key_at;
  if (!open_.empty()) {
    Frame& frame = open_.back();
    if (!frame.empty) text_ += ',';
    frame.empty = false;
    if (frame.object) {
      append_json_string(frame.key, text_);
      text_ += ':';
      key_at = frame.key_at;
      key = std::move(frame.key);
      frame.has_key = false;
    }
  }
  map_.open(std::move(key), key_at, at);
  return {};
}

void TextBuilder::close_value(size_t height) {
  map_.close();
  if (!open_.empty()) open_.back().height = std::max(open_.back().height, height + 1);
}

Status TextBuilder::take_key(Position at, std::string_view key) {
  Frame& frame = open_.back();
  if (!frame.keys.emplace(key).second) {
    return Status::invalid("the key \"" + shortened(key) + "\" is here twice");
  }
  frame.key = key;
  frame.key_at = at;
  frame.has_key = true;
  return {};
}

Status TextBuilder::scalar(Position at, Anchor anchor, std::string_view text) {
  PENSTOCK_TRY(open_value(at, 1, 0));
  const size_t begin = text_.size();
  text_ += text;
  if (anchor != 0) anchors_[anchor] = {begin, text_.size(), 1, 0};
  close_value(0);
  return {};
}

Status TextBuilder::string(Position at, Anchor anchor, std::string_view text) {
  if (wants_key()) {
    return anchor == 0 ? take_key(at, text) : Status::invalid("a key must not have an anchor");
  }
  std::string quoted;
  append_json_string(text, quoted);
  return scalar(at, anchor, quoted);
}

Status TextBuilder::begin(Position at, Anchor anchor, bool object) {
  PENSTOCK_TRY(open_value(at, 1, 1));
  Frame frame;
  frame.object = object;
  frame.anchor = anchor;
  frame.begin = text_.size();
  frame.nodes_before = nodes_ - 1;
  open_.push_back(std::move(frame));
  if (anchor != 0) anchors_[anchor] = {};
  text_ += object ? '{' : '[';
  return {};
}

Status TextBuilder::end() {
  const Frame frame = std::move(open_.back());
  open_.pop_back();
  text_ += frame.object ? '}' : ']';
  if (frame.anchor != 0) {
    anchors_[frame.anchor] = {frame.begin, text_.size(), nodes_ - frame.nodes_before, frame.height};
  }
  close_value(frame.height);
  return {};
}

Status TextBuilder::alias(Position at, Anchor anchor) {
  if (wants_key()) return Status::invalid("a key must not be an alias");
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end() || found->second.end == 0) {
    return Status::invalid("an alias within what it stands for");
  }
  const Extent extent = found->second;
  if (text_.size() + extent.end - extent.begin > limits::definition_text_bytes_max) {
    return Status::full("aliases repeat more than " +
                        std::to_string(limits::definition_text_bytes_max) + " bytes");
  }
  PENSTOCK_TRY(open_value(at, extent.nodes, extent.height));
  text_ += text_.substr(extent.begin, extent.end - extent.begin);
  close_value(extent.height);
  return {};
}

}  // namespace penstock::definition
