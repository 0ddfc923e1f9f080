#include "tests/http/golden.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace penstock::gateway::test {

static int hex_digit(char c) {
  const std::string_view digits = "0123456789abcdef";
  const size_t at = digits.find(static_cast<char>(c | 0x20));
  if (at == digits.npos) throw std::runtime_error("\\x needs two hex digits");
  return static_cast<int>(at);
}

/// `\*N{text}`: text N times; `rest` begins behind the star.
static std::string repeat(std::string_view& rest) {
  const size_t open = rest.find('{');
  const size_t end = rest.find('}', open);
  if (open == rest.npos || end == rest.npos) throw std::runtime_error("\\*N{text} is not closed");
  const int times = std::stoi(std::string(rest.substr(0, open)));
  const std::string piece = unescape(rest.substr(open + 1, end - open - 1));
  rest.remove_prefix(end + 1);
  std::string out;
  for (int i = 0; i < times; i++) out += piece;
  return out;
}

std::string unescape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\') {
      out.push_back(c);
      continue;
    }
    if (text.empty()) throw std::runtime_error("a backslash ends the line");
    const char kind = text.front();
    text.remove_prefix(1);
    switch (kind) {
      case 'r':
        out.push_back('\r');
        break;
      case 'n':
        out.push_back('\n');
        break;
      case 't':
        out.push_back('\t');
        break;
      case '0':
        out.push_back('\0');
        break;
      case '\\':
        out.push_back('\\');
        break;
      case '*':
        out += repeat(text);
        break;
      case 'x':
        if (text.size() < 2) throw std::runtime_error("\\x needs two hex digits");
        out.push_back(static_cast<char>(hex_digit(text[0]) << 4 | hex_digit(text[1])));
        text.remove_prefix(2);
        break;
      default:
        throw std::runtime_error(std::string("unknown escape \\") + kind);
    }
  }
  return out;
}

/// "STATUS [code] keep|close [head]"
static ExpectedAnswer read_answer(const std::string& line) {
  std::istringstream words(line);
  ExpectedAnswer answer;
  std::string word;
  bool decided = false;
  words >> answer.status;
  while (words >> word) {
    if (word == "keep" || word == "close") {
      answer.close = word == "close";
      decided = true;
    } else if (word == "head") {
      answer.head_only = true;
    } else {
      answer.code = word;
    }
  }
  if (answer.status < 100 || (!decided && answer.status >= 200)) {
    throw std::runtime_error("an answer is STATUS [code] keep|close [head]");
  }
  return answer;
}

/// Takes one line of a fenced block.
static void take_line(GoldenCase& golden, const std::string& block, const std::string& line) {
  if (block == "request" && line == "(end)") {
    golden.half_close = true;
  } else if (block == "request") {
    golden.bytes += unescape(line);
  } else if (block == "answers") {
    golden.answers.push_back(read_answer(line));
  } else if (block == "requests") {
    golden.requests_given = true;
    golden.requests.push_back(unescape(line));
  } else {
    throw std::runtime_error("unknown block " + block);
  }
}

static std::vector<GoldenCase> read_file(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::vector<GoldenCase> cases;
  std::string line, block;
  bool inside = false;
  for (int number = 1; std::getline(in, line); number++) try {
      const bool fence = line.starts_with("```");
      if (!inside && line.starts_with("## ")) {
        cases.push_back({});
        cases.back().file = path.filename().string();
        cases.back().name = line.substr(3);
      } else if (fence) {
        inside = !inside;
        block = inside ? line.substr(3) : "";
        if (cases.empty()) throw std::runtime_error("a block stands in front of the first case");
        if (block == "requests") cases.back().requests_given = true;
      } else if (inside) {
        take_line(cases.back(), block, line);
      }
    } catch (const std::exception& error) {
      throw std::runtime_error(path.string() + ":" + std::to_string(number) + ": " + error.what());
    }
  return cases;
}

std::vector<GoldenCase> read_golden(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".md") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<GoldenCase> cases;
  for (const auto& file : files) {
    for (GoldenCase& golden : read_file(file)) cases.push_back(std::move(golden));
  }
  return cases;
}

}  // namespace penstock::gateway::test
