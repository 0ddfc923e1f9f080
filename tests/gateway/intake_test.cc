// From what came to JSON: forms, multipart, CloudEvents, encodings, slices.
#include <doctest/doctest.h>
#include <zlib.h>

#include "gateway/app/cloud_event.h"
#include "gateway/app/form_json.h"
#include "gateway/app/json_slices.h"
#include "gateway/app/media_type.h"
#include "gateway/app/unpack.h"

using namespace penstock;
using namespace penstock::gateway;

namespace {

std::string made(const MadeJson& json) {
  if (const auto* text = std::get_if<std::string>(&json)) return *text;
  return "! " + std::string(problem_kind(std::get<Rejected>(json).code).word);
}

std::string packed(std::string_view text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(text.size() + 100, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string unpacked(Encoding encoding, std::string_view text, size_t bytes_max = 1 << 20) {
  const auto body = unpack(encoding, text, bytes_max);
  if (const auto* why = std::get_if<Rejected>(&body))
    return "! " + std::string(problem_kind(why->code).word);
  return std::string(std::get<Body>(body).view());
}

}  // namespace

TEST_CASE("a form becomes an object of strings; repeated names become lists") {
  CHECK(made(form_json("")) == "{}");
  CHECK(made(form_json("a=1&b=x+y&c=%22%C3%A4&b=2")) ==
        R"({"a":"1","b":["x y","2"],"c":"\"ä"})");
  CHECK(made(form_json("a&=b")) == R"({"a":"","":"b"})");
  CHECK(payload_of("payload=%7B%22a%22%3A1%7D") == R"({"a":1})");
  CHECK_FALSE(payload_of("payload=1&b=2"));
}

TEST_CASE("multipart fields become an object, files only where they are let in") {
  const std::string body =
      "--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
      "--XX\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\n"
      "Content-Type: text/plain\r\n\r\nhi\r\n--XX--\r\n";
  CHECK(made(multipart_json(body, "XX", false)) == "! unsupported_media_type");
  CHECK(made(multipart_json(body, "XX", true)) ==
        R"({"a":"1","f":{"filename":"x.txt","content_type":"text/plain","base64":"aGk="}})");
  CHECK(made(multipart_json("--XX--", "XX", false)) == "{}");
  for (size_t cut = 0; cut < body.size() - 4; cut++)
    CHECK(made(multipart_json(body.substr(0, cut), "XX", true)) == "! bad_request");
}

TEST_CASE("texts and bytes become objects") {
  CHECK(text_json("a\"b", false) == R"({"text":"a\"b"})");
  CHECK(text_json("\xe4", true) == R"({"text":"ä"})");
  CHECK(bytes_json("\x01\x02", "x/y") == R"({"base64":"AQI=","content_type":"x/y"})");
}

TEST_CASE("media types are read with their parameters") {
  const MediaType type = MediaType::parse("Application/JSON ; Charset=\"UTF-8\"; x=\";\"");
  CHECK(type.is_json());
  CHECK(type.is_utf8());
  CHECK(MediaType::parse("application/vnd.api+json").is_json());
  CHECK_FALSE(MediaType::parse("application/json; charset=utf-16").is_utf8());
  CHECK(MediaType::parse("multipart/form-data; boundary=\"a b\"").boundary == "a b");
  CHECK(MediaType::parse("").essence.empty());
}

TEST_CASE("gzip, zlib and bare deflate are undone, within a bound on size and growth") {
  const std::string text(5000, 'x');
  CHECK(unpacked(Encoding::kGzip, packed(text, 31)) == text);
  CHECK(unpacked(Encoding::kDeflate, packed(text, 15)) == text);
  CHECK(unpacked(Encoding::kDeflate, packed(text, -15)) == text);
  CHECK(unpacked(Encoding::kGzip, packed("a", 31) + packed("b", 31)) == "ab");
  CHECK(unpacked(Encoding::kGzip, packed(text, 31), 4999) == "! payload_too_large");
  CHECK(unpacked(Encoding::kGzip, packed(std::string(1'000'000, '0'), 31), 10'000'000) ==
        "! payload_too_large");
  const std::string whole = packed("{\"a\":1}", 31);
  for (size_t cut = 0; cut < whole.size(); cut++)
    CHECK(unpacked(Encoding::kGzip, whole.substr(0, cut)) == "! bad_request");
  CHECK(unpacked(Encoding::kGzip, whole + "x") == "! bad_request");
  CHECK(unpacked(Encoding::kGzip, "{}") == "! bad_request");
  CHECK(unpacked(Encoding::kZstd, "{}") == "! bad_request");
}

TEST_CASE("one content encoding, and only a known one") {
  CHECK(content_encoding("") == Encoding::kIdentity);
  CHECK(content_encoding("GZIP") == Encoding::kGzip);
  CHECK(content_encoding("x-gzip") == Encoding::kGzip);
  CHECK_FALSE(content_encoding("gzip, gzip"));
  CHECK_FALSE(content_encoding("br"));
}

TEST_CASE("items and members are slices of the text") {
  const auto items = json_items(R"( [ 1.0e400 , "a,]\"" , {"x":[1,{}]} , [ ] , null ] )", 10);
  REQUIRE(items.size() == 5);
  CHECK(items[0] == "1.0e400");
  CHECK(items[1] == R"("a,]\"")");
  CHECK(items[2] == R"({"x":[1,{}]})");
  CHECK(items[3] == "[ ]");
  CHECK(items[4] == "null");
  CHECK(json_items("[]", 10).empty());
  CHECK(json_items("[1,2,3,4]", 2).size() == 3);
  const auto members = json_members(R"({ "a" : 1 , "b":"}" ,"c":{"d":[]}})");
  REQUIRE(members.size() == 3);
  CHECK(members[0] == JsonMember("a", "1"));
  CHECK(members[1] == JsonMember("b", R"("}")"));
  CHECK(members[2] == JsonMember("c", R"({"d":[]})"));
}

TEST_CASE("a structured CloudEvent gives its data, its attributes as ce- headers") {
  records::EventMeta meta;
  std::string body;
  const auto wrong = read_cloud_event(
      R"({"specversion":"1.0","id":"A","source":"/s","type":"t.x","subject":"sub","n":42,)"
      R"("data":{"big":123456789012345678901234567890}})",
      meta, body);
  CHECK_FALSE(wrong);
  CHECK(body == R"({"big":123456789012345678901234567890})");
  CHECK(meta.type() == "t.x");
  CHECK(meta.source() == "/s");
  CHECK(meta.subject() == "sub");
  REQUIRE(meta.headers_size() == 6);
  CHECK(meta.headers(1).name() == "ce-id");
  CHECK(meta.headers(5).value() == "42");
}

TEST_CASE("CloudEvents that lack something or contradict themselves are refused") {
  const auto refused = [](std::string_view text) {
    records::EventMeta meta;
    std::string body;
    return read_cloud_event(text, meta, body).has_value();
  };
  CHECK(refused("[]"));
  CHECK(refused(R"({"specversion":"0.3","id":"A","source":"/s","type":"t"})"));
  CHECK(refused(R"({"specversion":"1.0","source":"/s","type":"t"})"));
  CHECK(refused(R"({"specversion":"1.0","id":"","source":"/s","type":"t"})"));
  CHECK(refused(R"({"specversion":"1.0","id":"A","source":"/s","type":"t","Bad":1})"));
  CHECK(refused(R"({"specversion":"1.0","id":"A","source":"/s","type":"t","x":{}})"));
  CHECK(refused(R"({"specversion":"1.0","id":"A","source":"/s","type":"t","data":1,)"
                R"("data_base64":"AA=="})"));
  CHECK(refused(R"({"specversion":"1.0","id":"A","source":"/s","type":"t","data_base64":"?"})"));
  CHECK_FALSE(refused(R"({"specversion":"1.0","id":"A","source":"/s","type":"t"})"));
}
