// A started process's own folder: made empty, removed with all that is in it.
#pragma once

#include <uv.h>

#include <string>

#include "proto/status.h"

namespace penstock::executor {

/// A new folder that only the process's user may enter, with one file in it where `file_name` is
/// not empty.
Result<std::string> make_process_folder(const std::string& file_name, const std::string& file);
/// Removes it on one of the loop's helper threads: there may be much in it.
void remove_process_folder(uv_loop_t* loop, std::string folder);
/// The program on the standard PATH; empty: it is not there.
std::string find_program(const std::string& name);
/// The PATH that started processes have.
inline constexpr const char* kProcessPath = "/usr/local/bin:/usr/bin:/bin";

}  // namespace penstock::executor
