// libjq as the oracle: a program compiled once, run on many inputs.
//
// Limitations: libjq ends the process on some programs; run it where that does no harm.
#pragma once

#include <memory>
#include <string>
#include <vector>

struct jq_state;

namespace penstock::jq::fuzz {

struct Answer {
  std::vector<std::string> outputs;  ///< as JSON
  bool failed = false;
  bool cut = false;  ///< there were more outputs than asked for
};

class Oracle {
 public:
  explicit Oracle(const std::string& program);
  ~Oracle();
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  bool compiled() const { return compiled_; }
  Answer run(const std::string& input, size_t outputs_max);

 private:
  jq_state* jq_;
  bool compiled_ = false;
};

}  // namespace penstock::jq::fuzz
