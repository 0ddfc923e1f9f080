// Random jq programs and JSON inputs from a grammar. It leaves out what README.md lists as
// different on purpose, so that whatever differs is news.
#pragma once

#include <string>

#include "random.h"

namespace penstock::jq::fuzz {

class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  /// A program; `depth` bounds how far it nests.
  std::string program(int depth);
  /// A JSON text.
  std::string input(int depth);

 private:
  std::string expression(int depth);
  std::string term(int depth);
  std::string leaf();
  std::string path(int depth);
  std::string update(int depth);
  std::string call(int depth);
  std::string control(int depth);
  std::string constructor(int depth);
  std::string text(int depth);
  std::string bound(int depth);
  std::string loop(int depth);
  std::string key();
  std::string variable();

  Random& random_;
  int variables_ = 0;
};

}  // namespace penstock::jq::fuzz
