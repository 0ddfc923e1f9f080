// A compiled program: instructions for the machine, and what they refer to. Immutable once built.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "executor/json/value.h"

namespace penstock::jq {

struct Native;

/// What the machine can do. "top" is the value on top of the stack; every expression replaces its
/// input there by its output. To backtrack is to go on at the newest fork.
enum class Op : uint8_t {
  kConst,      ///< top = constants[a]
  kPushConst,  ///< push constants[a]
  kVariable,   ///< top = slot a, `level` frames out
  kPushVariable,
  kTake,  ///< top = slot a of this frame, which becomes null
  kPushTake,
  kStore,      ///< slot a = popped
  kStoreCopy,  ///< slot a = top
  kSetNull,    ///< slot a = null
  kPick,       ///< push a copy of the value a below the top
  kPickNest,   ///< the same, and path tracking rests
  kNest,       ///< path tracking rests
  kUnnest,     ///< … and goes on
  kSwap,
  kPop,
  kNip,        ///< drop the value below the top
  kField,      ///< top = top[constants[a]]; extra 1: backtrack instead of an error
  kIndex,      ///< [key, container]: container[key]; extra as above
  kSlice,      ///< [begin, end]: the slice's key
  kEach,       ///< fork over top's elements; extra as above
  kFork,       ///< on backtracking go on at a
  kJump,       ///< go on at a
  kJumpFalse,  ///< go on at a when the popped value is false or null
  kBacktrack,
  kBacktrackFalse,  ///< when top is false or null
  kTruth,           ///< top = whether it is neither false nor null
  kCollect,         ///< slot a = []; on backtracking go on at b
  kAppend,          ///< popped goes to the array in slot a; backtrack
  kInsert,          ///< [object, key, value]
  kInsertConst,     ///< [object, value], key constants[a]
  kBinary,          ///< [right, left], operator extra; and unnest
  kBinaryConst,     ///< top, right is constants[a], operator extra
  kNegate,
  kFormat,       ///< top = top in format a
  kInterpolate,  ///< template a with the popped values; replaces top
  kNative,       ///< natives[a] with `extra` arguments above its input
  kGetPath,      ///< [path, container], tracked
  kRange,        ///< [input, from, upto, by]: fork over numbers
  kCall,         ///< functions[a], defined `level` frames out, b kArgument instructions follow
  kTailCall,     ///< the same as the last thing this function does
  kParameter,    ///< call the closure that is parameter a, `level` frames out
  kTailParameter,
  kArgument,  ///< extra: an ArgumentKind
  kReturn,
  kPathBegin,
  kPathEnd,
  kTry,             ///< on error go on at b with the error's value; slot a remembers which
  kTryEnd,          ///< errors from here on are none of slot a's
  kLabel,           ///< slot a remembers the forks there are
  kBreak,           ///< drop the forks since slot a, `level` frames out, and backtrack
  kCut,             ///< drop the forks since slot a and go on
  kAlternative,     ///< slot a = false; on backtracking go on at b
  kFound,           ///< slot a = true
  kBacktrackFound,  ///< backtrack when slot a is true
  kSetPath,         ///< slot a (state) gets the popped value at the path in slot b; backtrack
  kTakePath,        ///< push what lies at the path in slot b of slot a, taking it out there
  kPutPath,         ///< push slot a with the popped value at the path in slot b
  kDeletePaths,     ///< top = slot a without the paths in slot b
  kOutput,          ///< hand out top; backtrack
};

enum ArgumentKind : uint8_t {
  kNewClosure,       ///< functions[a] in this frame
  kPassedParameter,  ///< this frame's parameter a, `level` frames out
  kNamedFunction,    ///< functions[a], defined `level` frames out
};

struct Instruction {
  Op op;
  uint8_t extra = 0;
  uint16_t level = 0;
  uint32_t a = 0;
  uint32_t b = 0;
};
static_assert(sizeof(Instruction) == 12);

struct FunctionInfo {
  uint32_t entry = 0;       ///< its first instruction
  uint32_t slots = 0;       ///< variables and working values of a frame
  uint32_t parameters = 0;  ///< closures
};

/// A string with holes.
struct Template {
  std::vector<std::string> pieces;  ///< one more than there are holes
};

class Program {
 public:
  static constexpr uint32_t main_function = 0;

  std::vector<Instruction> code;
  std::vector<json::Value> constants;
  std::vector<FunctionInfo> functions;
  std::vector<Template> templates;
  std::vector<const Native*> natives;
  uint32_t variables = 0;  ///< the first slots of the main frame

  /// Not empty: tier 2, and this is the program's text; the rest is not filled.
  std::string foreign;
  std::vector<std::string> foreign_names;  ///< of its variables
};

}  // namespace penstock::jq
