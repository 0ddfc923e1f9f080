// Another process that lives on a data folder for a while and dies by kill -9: a test case of this
// same program, decorated as skipped and named "life: …", run by a fresh exec (the store's threads
// do not survive a bare fork).
#pragma once

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "proto/id.h"

namespace penstock::queue {

/// Within a life: the folder it is for.
inline std::string life_folder() {
  const char* folder = std::getenv("PENSTOCK_LIFE_FOLDER");
  return folder ? folder : "";
}
/// Within a life: tells an id to the test.
inline void tell(Id id) {
  if (write(3, id.bytes.data(), 16) != 16) _exit(4);
}
/// Within a life: the end, with nothing closed in order.
inline void die() { kill(getpid(), SIGKILL); }

/// Outside: one life, from its start to its death.
class Life {
 public:
  Life(const std::string& name, const std::string& folder) {
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const std::string only = "-tc=life: " + name;
    pid_ = fork();
    REQUIRE(pid_ >= 0);
    if (pid_ == 0) {
      setenv("PENSTOCK_LIFE_FOLDER", folder.c_str(), 1);
      if (ends[1] != 3) dup2(ends[1], 3);
      execl("/proc/self/exe", "life", only.c_str(), "--no-skip", "-m", nullptr);
      _exit(5);
    }
    close(ends[1]);
    told_ = ends[0];
  }
  ~Life() {
    if (!reaped_) stop();
    reap();
    close(told_);
  }
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;

  /// All it told until it died; it is killed when it has told `enough`, if it lives that long.
  std::vector<Id> told(size_t enough = SIZE_MAX) {
    std::vector<Id> ids;
    Id id;
    while (read(told_, id.bytes.data(), 16) == 16) {
      ids.push_back(id);
      if (ids.size() == enough) stop();
    }
    reap();
    return ids;
  }

 private:
  void stop() { ::kill(pid_, SIGKILL); }
  void reap() {
    if (reaped_) return;
    int status = 0;
    waitpid(pid_, &status, 0);
    CHECK_MESSAGE(WIFSIGNALED(status), "a life ended otherwise than by kill -9");
    reaped_ = true;
  }
  pid_t pid_ = 0;
  int told_ = -1;
  bool reaped_ = false;
};

}  // namespace penstock::queue
