// A JSON value: 16 bytes, cheap to copy, never changed under another holder's feet.
//
// Copies share; the update functions (set, push_back, …) change in place only when this is the sole
// holder and otherwise copy the one level they change first. Parsed values are slices of their
// document's text: numbers keep the exact text they came with, and the text lives until the last
// slice of it is gone. Objects keep the order in which their keys came; of a key that comes twice
// the last value holds, at the place of the first.
//
// Thread: one; the reference count is plain.
// Limitations: values must not be nested deeper than limits::json_depth_max by those who build them
// (depth() tells), because releasing, comparing and writing recurse.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace penstock::json {

class Document;
struct Member;

/// In jq's sort order (false sorts before true).
enum class Kind : uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

/// "null", "boolean", "number", "string", "array", "object".
std::string_view kind_name(Kind kind);

namespace detail {
struct Counted {
  uint32_t refs = 1;
};
}  // namespace detail

class Value {
 public:
  /// Null.
  Value() = default;
  Value(const Value& other) : rep_(other.rep_), item_(other.item_), bits_(other.bits_) {
    if (counted()) bits_.node->refs++;
  }
  Value(Value&& other) noexcept : rep_(other.rep_), item_(other.item_), bits_(other.bits_) {
    other.rep_ = Rep::kNull;
  }
  Value& operator=(const Value& other) {
    Value copy(other);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Value() {
    if (counted() && --bits_.node->refs == 0) destroy();
  }
  void swap(Value& other) noexcept {
    std::swap(rep_, other.rep_);
    std::swap(item_, other.item_);
    std::swap(bits_, other.bits_);
  }

  // --- making ---
  static Value boolean(bool value);
  static Value number(double value);
  /// Exact beyond 2^53 too.
  static Value integer(int64_t value);
  /// A number that keeps `text`, which must be a JSON number, wherever a double would lose digits
  /// of an integer; else the plain double.
  static Value number_from_text(std::string_view text);
  static Value string(std::string text);
  static Value array();
  static Value object();

  // --- looking ---
  Kind kind() const;
  bool is_null() const { return rep_ == Rep::kNull; }
  bool is_bool() const { return rep_ == Rep::kFalse || rep_ == Rep::kTrue; }
  bool is_number() const { return kind() == Kind::kNumber; }
  bool is_string() const { return kind() == Kind::kString; }
  bool is_array() const { return kind() == Kind::kArray; }
  bool is_object() const { return kind() == Kind::kObject; }
  /// Neither null nor false: what jq takes for true.
  bool truthy() const { return rep_ > Rep::kFalse; }
  bool as_bool() const { return rep_ == Rep::kTrue; }
  /// The number as a double; 0 for other kinds. Beyond the range: the largest double.
  double as_double() const;
  /// The number if it is a whole one that fits.
  std::optional<int64_t> as_integer() const;
  /// The text that a number came with; empty when it was computed.
  std::string_view number_text() const;
  /// The characters of a string, unescaped; empty for other kinds. Lives as long as a value that
  /// shares this one does.
  std::string_view as_string() const;

  /// Elements of an array, members of an object; else 0.
  size_t size() const;
  /// Element `index` of an array, or the value of an object's member `index`.
  Value at(size_t index) const;
  /// Member `index` of an object, in order.
  Member member(size_t index) const;
  /// The member's value; nullopt: none, or no object.
  std::optional<Value> find(std::string_view key) const;
  /// The member's value, null when there is none.
  Value get(std::string_view key) const;

  /// Containers within containers, counting this one; 0 for scalars. May be too high, never low.
  uint32_t depth() const;
  /// Roughly the bytes it takes when written, shared parts counted each time. May be too high.
  uint64_t weight() const;
  /// Same bits or same node: certainly equal.
  bool same(const Value& other) const;
  /// This is the only holder: an update will not copy.
  bool sole() const { return counted() && bits_.node->refs == 1; }

  // --- updating; on the wrong kind they do nothing ---
  void push_back(Value element);
  /// Replaces element `index`, filling up with nulls before it.
  void set_at(size_t index, Value element);
  /// Takes element `index` or the value of `key` out, leaving null there, so that the taker may be
  /// its sole holder. Null when there is none.
  Value take_at(size_t index);
  Value take(std::string_view key);
  /// Removes the elements from `begin` up to `end`.
  void erase_range(size_t begin, size_t end);
  void set(std::string_view key, Value value);
  /// The same with a string value as the key, shared instead of copied.
  void set_key(const Value& key, Value value);
  void erase(std::string_view key);
  /// Appends to a string, in place when this is its only holder.
  void append(std::string_view text);
  /// Room for that many elements.
  void reserve(size_t elements);

  // --- writing: compact JSON ---
  void write(std::string& out) const;
  std::string dump() const;

 private:
  friend class Document;
  friend int compare(const Value&, const Value&);
  friend class Editor;

  enum class Rep : uint8_t {
    kNull,
    kFalse,
    kTrue,
    kNumber,  // inline
    kTextNumber,
    kString,
    kArray,
    kObject,  // a node
    kDocNumber,
    kDocString,
    kDocArray,
    kDocObject,  // an item of a document
  };
  union Bits {
    double number;
    detail::Counted* node;
  };

  Value(Rep rep, detail::Counted* node, uint32_t item = 0) : rep_(rep), item_(item) {
    bits_.node = node;
  }
  bool counted() const { return rep_ >= Rep::kTextNumber; }
  void destroy();
  Document& document() const;
  void own_array();  ///< now a node of its own, held by nobody else
  void own_object();

  Rep rep_ = Rep::kNull;
  uint32_t item_ = 0;
  Bits bits_ = {};
};

static_assert(sizeof(Value) == 16);

struct Member {
  Value key;
  Value value;
};

/// jq's order: null, false, true, numbers, strings by code point, arrays, objects (by their sorted
/// keys, then by value). Whole numbers compare exactly. Below 0, 0, above 0.
int compare(const Value& a, const Value& b);
inline bool operator==(const Value& a, const Value& b) {
  return compare(a, b) == 0;
}

}  // namespace penstock::json
