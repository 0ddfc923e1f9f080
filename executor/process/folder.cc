#include "executor/process/folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "executor/process/confine.h"

namespace penstock::executor {

Result<std::string> make_process_folder(const std::string& file_name, const std::string& file) {
  std::error_code ignored;
  std::filesystem::path base = std::filesystem::temp_directory_path(ignored);
  if (base.empty()) base = "/tmp";
  std::string folder = base / "penstock-run-XXXXXX";
  if (!mkdtemp(folder.data())) {
    return Status::io("cannot make a folder like " + folder + ": " + std::strerror(errno));
  }
  const bool as_nobody = geteuid() == 0;
  bool made = !as_nobody || chown(folder.c_str(), kNobody, kNobody) == 0;
  if (made && !file_name.empty()) {
    const std::string path = folder + "/" + file_name;
    std::ofstream out(path, std::ios::binary);
    out << file;
    out.close();
    made = out.good() && (!as_nobody || chown(path.c_str(), kNobody, kNobody) == 0);
  }
  if (made) return folder;
  std::filesystem::remove_all(folder, ignored);
  return Status::io("cannot write into " + folder);
}

void remove_process_folder(uv_loop_t* loop, std::string folder) {
  struct Work {
    uv_work_t request;
    std::string folder;
  };
  auto* work = new Work{{}, std::move(folder)};
  work->request.data = work;
  const auto remove = [](uv_work_t* request) {
    std::error_code ignored;
    std::filesystem::remove_all(static_cast<Work*>(request->data)->folder, ignored);
  };
  const auto removed = [](uv_work_t* request, int) { delete static_cast<Work*>(request->data); };
  if (uv_queue_work(loop, &work->request, remove, removed) != 0) delete work;
}

std::string find_program(const std::string& name) {
  if (name.empty() || name.find('\0') != name.npos) return "";
  if (name.find('/') != name.npos) return name.front() == '/' ? name : "";
  for (const char* folder : {"/usr/local/bin/", "/usr/bin/", "/bin/"}) {
    std::string path = folder + name;
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return "";
}

}  // namespace penstock::executor
