#include "executor/link/told_texts.h"

namespace penstock::executor {

ToldTexts::ToldTexts(const worker::Dispatch& dispatch) {
  records::StreamPiece piece;
  for (const std::string& bytes : dispatch.pieces()) {
    if (!piece.ParseFromString(bytes)) continue;
    if (piece.type() == "delta") texts_[piece.ordinal()] += piece.data();
    if (piece.type() == "restart") texts_.erase(piece.ordinal());
  }
}

std::string ToldTexts::take(flow::Ordinal ordinal) {
  auto found = texts_.find(ordinal);
  if (found == texts_.end()) return "";
  std::string text = std::move(found->second);
  texts_.erase(found);
  return text;
}

}  // namespace penstock::executor
