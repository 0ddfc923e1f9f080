// Plays scenarios of feature files through the real program, against a stub of the two public
// services that the conformance kit calls. The kit's own steps, and a few for what it leaves out:
//   given another workflow with definition: · given the event: · given the secret 'NAME' is:
//   the workflow should be refused with 'TEXT'
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "executor/json/value.h"
#include "tests/executor/ctk_feature.h"
#include "tests/executor/ctk_tls_server.h"

namespace penstock::executor {

/// Plays petstore.swagger.io and httpbin.org, with these paths of the latter added:
/// /status/N · /slow/MS · /flaky/NAME/N (503 the first N times) · /echo. Any thread.
class KitServices {
 public:
  TlsStub::Answer answer(const TlsStub::Request& request);

 private:
  TlsStub::Answer httpbin(const TlsStub::Request& request);
  TlsStub::Answer flaky(const std::string& path);

  std::mutex mutex_;
  std::map<std::string, int> tries_;
};

class Player {
 public:
  /// `flags`: more of `workflow run`'s.
  explicit Player(std::string flags);
  ~Player();
  /// The first step that does not hold and what the program said, or nothing.
  std::optional<std::string> play(const Scenario& scenario);

 private:
  void write(const std::string& name, const std::string& text);
  bool given(const Step& step);
  bool run();
  bool holds(const Step& step);
  bool order_holds(const std::string& text) const;
  bool succeeded() const { return result_.get("status").as_string() == "succeeded"; }
  json::Value at(const std::string& path) const;
  size_t place(const std::string& name) const;
  bool said(const std::string& text) const;

  std::string flags_;
  std::filesystem::path folder_;
  KitServices services_;
  std::optional<TlsStub> stub_;
  std::string more_;  ///< flags of the scenario
  int files_ = 0;
  int exit_code_ = 0;
  json::Value result_;
};

std::string read_all(const std::filesystem::path& path);
/// The files of a folder with this extension, by name; empty when it is not there.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& folder,
                                            const std::string& extension);

}  // namespace penstock::executor
