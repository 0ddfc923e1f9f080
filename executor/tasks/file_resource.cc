#include "executor/tasks/file_resource.h"

#include <fstream>
#include <iterator>

#include "proto/limits.h"

namespace penstock::executor {

HttpReply read_file(const std::string& url) {
  std::string path = url.substr(url.find(':') + 1);
  if (path.starts_with("//")) path = path.substr(2);
  HttpReply reply;
  std::ifstream file(path, std::ios::binary);
  if (file) reply.body.assign(std::istreambuf_iterator<char>(file), {});
  if (!file || reply.body.size() > limits::call_documents_bytes_max) {
    reply.fault = HttpFault::kBadRequest;
    reply.message = "cannot read " + path;
    return reply;
  }
  reply.status = 200;
  return reply;
}

}  // namespace penstock::executor
