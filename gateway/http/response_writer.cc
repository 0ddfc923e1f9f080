#include "gateway/http/response_writer.h"

#include <charconv>

namespace penstock::gateway {

static std::string_view reason_phrase(uint16_t status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 207:
      return "Multi-Status";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "";
  }
}

static void append_number(std::string& out, size_t value, int base = 10) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value, base).ptr;
  out.append(digits, end);
}

std::string_view ResponseWriter::date_line() {
  const std::time_t now = std::time(nullptr);
  if (now != date_s_) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[48];
    const size_t size =
        std::strftime(text, sizeof(text), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    date_line_.assign(text, size);
    date_s_ = now;
  }
  return date_line_;
}

void ResponseWriter::append_head(std::string& out, const Response& response, BodyEnd end,
                                 bool close) {
  out.append("HTTP/1.1 ");
  append_number(out, response.status);
  out.push_back(' ');
  out.append(reason_phrase(response.status)).append("\r\n").append(date_line());
  const bool body = !bodiless(response.status);
  if (body && !response.type().empty() && (end != BodyEnd::kLength || !response.body.empty())) {
    out.append("Content-Type: ").append(response.type()).append("\r\n");
  }
  if (body && end == BodyEnd::kLength) {
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  if (body && end == BodyEnd::kChunked) out.append("Transfer-Encoding: chunked\r\n");
  out.append(response.headers);
  if (close) out.append("Connection: close\r\n");
  out.append("\r\n");
}

void append_chunk(std::string& out, std::string_view bytes) {
  if (bytes.empty()) return;
  append_number(out, bytes.size(), 16);
  out.append("\r\n").append(bytes).append("\r\n");
}

}  // namespace penstock::gateway
