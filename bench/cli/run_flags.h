// The flags of `penstock-bench run`, as given and as what they mean. Filled once by CLI11.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "bench/cli/server_access.h"
#include "bench/load/options.h"
#include "bench/load/payload.h"
#include "bench/load/signer.h"
#include "bench/report/metric.h"

namespace penstock::bench {

struct RunFlags {
  void add_to(CLI::App& command);
  /// Reads the texts into `load` and the members below. Fault: what is wrong with which flag.
  Status read();

  LoadOptions load;
  ServerAccess server;
  std::vector<Assertion> assertions;
  uint64_t drain_ms = 0;

  std::string name, json, html, hgrm_file, record, probe_folder = ".";
  std::string sign, secret, sign_header;
  std::vector<std::string> payload_files, sizes;
  double step = 0;
  double knee_p99_ms = 100;
  bool raw = false, verify = false, quiet = false;

  /// The payloads asked for; 1 KB of JSON when none are.
  Result<Payloads> payloads() const;
  Result<std::unique_ptr<Signer>> signer() const;
  std::string payload_words() const;

 private:
  void add_load(CLI::App& command);
  void add_content(CLI::App& command);
  void add_checks(CLI::App& command);
  void add_output(CLI::App& command);
  Status read_times();
  Status read_kills();
  Status read_watched();

  std::string url_, target_ = "ack", duration_ = "10s", warmup_ = "1s", timeout_ = "60s",
                    grace_ = "30s", drain_;
  std::vector<std::string> kills_, watched_, assertions_;
  bool insecure_ = false;
};

}  // namespace penstock::bench
