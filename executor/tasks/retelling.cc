#include "executor/tasks/retelling.h"

#include <algorithm>

namespace penstock::executor {

void Retelling::add(std::string_view text, std::vector<CallPiece>& out) {
  const size_t known = std::min(text.size(), told_.size() - at_);
  if (told_.compare(at_, known, text.substr(0, known)) != 0) {
    return restart(told_.substr(0, at_) + std::string(text), out);
  }
  at_ += known;
  text.remove_prefix(known);
  if (text.empty()) return;
  told_ += text;
  at_ = told_.size();
  out.push_back({"delta", std::string(text)});
}

void Retelling::end(std::vector<CallPiece>& out) {
  if (at_ < told_.size()) restart(told_.substr(0, at_), out);
}

void Retelling::withdraw(std::vector<CallPiece>& out) {
  if (!told_.empty()) restart("", out);
}

void Retelling::restart(std::string text, std::vector<CallPiece>& out) {
  out.push_back({"restart", void_data_});
  told_ = std::move(text);
  at_ = told_.size();
  if (!told_.empty()) out.push_back({"delta", told_});
}

}  // namespace penstock::executor
