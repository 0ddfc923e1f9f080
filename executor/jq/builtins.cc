#include "executor/jq/builtins.h"

namespace penstock::jq {
namespace {

struct Builtin {
  std::string_view name;
  std::string_view source;
};

constexpr Builtin table[] = {
    // iterating
    {"map/1", "def map(f): [.[] | f];"},
    {"select/1", "def select(f): if f then . else empty end;"},
    {"map_values/1", "def map_values(f): .[] |= f;"},
    {"recurse/0", "def recurse: def r: ., (.[]? | r); r;"},
    {"recurse/1", "def recurse(f): def r: ., (f | r); r;"},
    {"recurse/2", "def recurse(f; cond): def r: ., (f | if cond then r else empty end); r;"},
    {"recurse_down/0", "def recurse_down: recurse;"},
    {"while/2", "def while(cond; f): def w: if cond then ., (f | w) else empty end; w;"},
    {"until/2", "def until(cond; f): def u: if cond then . else (f | u) end; u;"},
    {"repeat/1", "def repeat(f): def r: ., (f | r); r;"},
    {"first/0", "def first: .[0];"},
    {"last/0", "def last: .[-1];"},
    {"nth/1", "def nth($n): .[$n];"},
    {"first/1", "def first(f): label $found | (f | ., break $found);"},
    {"last/1", "def last(f): reduce f as $one (null; $one);"},
    {"limit/2",
     "def limit($n; f): if $n > 0 then label $done | foreach f as $one (0; . + 1; $one, "
     "if . >= $n then break $done else empty end) elif $n == 0 then empty else f end;"},
    {"skip/2",
     "def skip($n; f): if $n > 0 then foreach f as $one ($n; . - 1; "
     "if . < 0 then $one else empty end) elif $n == 0 then f "
     "else error(\"skip doesn't support negative count\") end;"},
    {"nth/2",
     "def nth($n; f): if $n < 0 then error(\"nth doesn't support negative indices\") "
     "else last(limit($n + 1; f)) end;"},
    {"isempty/1", "def isempty(f): label $any | (f | false, break $any), true;"},
    {"isvalid/1", "def isvalid(f): try (f | true) catch false;"},
    {"in/1", "def in(xs): . as $key | xs | has($key);"},
    {"inside/1", "def inside(xs): . as $part | xs | contains($part);"},
    {"any/0", "def any: any(.[]; .);"},
    {"all/0", "def all: all(.[]; .);"},
    {"any/1", "def any(cond): any(.[]; cond);"},
    {"all/1", "def all(cond): all(.[]; cond);"},
    {"any/2",
     "def any(f; cond): label $any | (f | if cond then true, break $any else empty end), false;"},
    {"all/2",
     "def all(f; cond): label $all | (f | if cond then empty else false, break $all end), true;"},
    {"IN/1", "def IN(f): any(f == .; .);"},
    {"IN/2", "def IN(f; g): any(f | IN(g); .);"},
    {"INDEX/1", "def INDEX(key): INDEX(.[]; key);"},
    {"INDEX/2", "def INDEX(f; key): reduce f as $row ({}; .[$row | key | tostring] |= $row);"},
    {"JOIN/2", "def JOIN($index; key): [.[] | [., $index[key]]];"},
    {"JOIN/3", "def JOIN($index; f; key): f | [., $index[key]];"},
    {"JOIN/4", "def JOIN($index; f; key; join): f | [., $index[key]] | join;"},
    {"combinations/0",
     "def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $rest "
     "| [$x] + $rest end;"},
    {"combinations/1", "def combinations(n): . as $all | [range(n)] | map($all) | combinations;"},
    {"inputs/0", "def inputs: empty;"},
    // kinds
    {"values/0", "def values: select(. != null);"},
    {"nulls/0", "def nulls: select(. == null);"},
    {"booleans/0", "def booleans: select(type == \"boolean\");"},
    {"numbers/0", "def numbers: select(type == \"number\");"},
    {"strings/0", "def strings: select(type == \"string\");"},
    {"arrays/0", "def arrays: select(type == \"array\");"},
    {"objects/0", "def objects: select(type == \"object\");"},
    {"iterables/0", "def iterables: select(type | . == \"array\" or . == \"object\");"},
    {"scalars/0", "def scalars: select(type | . != \"array\" and . != \"object\");"},
    {"scalars_or_empty/0", "def scalars_or_empty: scalars;"},
    {"isfinite/0", "def isfinite: (isinfinite or isnan) | not;"},
    {"finites/0", "def finites: select(isfinite);"},
    {"normals/0", "def normals: select(isnormal);"},
    // arrays
    {"sort_by/1", "def sort_by(f): _sort_by(map([f]));"},
    {"group_by/1", "def group_by(f): _group_by(map([f]));"},
    {"unique_by/1", "def unique_by(f): _unique_by(map([f]));"},
    {"min_by/1", "def min_by(f): _min_by(map([f]));"},
    {"max_by/1", "def max_by(f): _max_by(map([f]));"},
    {"add/1", "def add(f): reduce f as $x (null; . + $x);"},
    {"flatten/0", "def flatten: flatten(1e9);"},
    {"index/1", "def index($part): indices($part) | .[0];"},
    {"rindex/1", "def rindex($part): indices($part) | .[-1];"},
    {"transpose/0",
     "def transpose: if . == [] then . else . as $rows | (map(length) | max) as $columns | "
     "[range($columns) as $c | [range($rows | length) as $r | $rows[$r][$c]]] end;"},
    {"walk/1",
     "def walk(f): def w: if type == \"object\" then map_values(w) elif type == \"array\" then "
     "map(w) else . end | f; w;"},
    // objects and paths
    {"with_entries/1", "def with_entries(f): to_entries | map(f) | from_entries;"},
    {"del/1", "def del(f): delpaths([path(f)]);"},
    {"pick/1",
     "def pick(f): . as $in | reduce path(f) as $p (null; setpath($p; $in | getpath($p)));"},
    {"paths/0", "def paths: path(..) | select(length > 0);"},
    {"paths/1", "def paths(f): . as $root | paths | select(. as $p | $root | getpath($p) | f);"},
    {"leaf_paths/0", "def leaf_paths: paths(scalars);"},
    {"tostream/0",
     "def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | (if type == \"array\" then "
     "length - 1 elif type == \"object\" then (keys_unsorted | .[-1]) else null end) as $last | "
     "if $last == null or $last == -1 then [$p, .] else [$p + [$last]] end;"},
    {"fromstream/1",
     "def fromstream(f): foreach f as $e ([false, null]; (if .[0] then [false, null] else . end) | "
     "if ($e | length) == 2 then [($e[0] | length) == 0, (.[1] | setpath($e[0]; $e[1]))] else "
     "[($e[0] | length) == 1, .[1]] end; if .[0] then .[1] else empty end);"},
    {"truncate_stream/1",
     "def truncate_stream(f): . as $n | null | f | if (.[0] | length) > $n then .[0] |= .[$n:] "
     "else empty end;"},
    // strings
    {"ascii/0", "def ascii: [.] | implode;"},
    {"match/1",
     "def match($re): if ($re | type) == \"string\" then _match($re; null) | .[] elif ($re | type) "
     "== \"array\" then _match($re[0]; $re[1]) | .[] else error(\"\\($re | type) not a string or "
     "array\") end;"},
    {"match/2", "def match($re; $flags): _match($re; $flags) | .[];"},
    {"test/1",
     "def test($re): if ($re | type) == \"string\" then _test($re; null) elif ($re | type) == "
     "\"array\" then _test($re[0]; $re[1]) else error(\"\\($re | type) not a string or array\") "
     "end;"},
    {"test/2", "def test($re; $flags): _test($re; $flags);"},
    {"capture/1", "def capture($re): match($re) | _captured;"},
    {"capture/2", "def capture($re; $flags): match($re; $flags) | _captured;"},
    {"_captured/0",
     "def _captured: reduce (.captures[] | select(.name != null)) as $c ({}; .[$c.name] = "
     "$c.string);"},
    {"scan/1", "def scan($re): scan($re; null);"},
    {"scan/2",
     "def scan($re; $flags): match($re; \"g\" + $flags) | if (.captures | length) > 0 then "
     "[.captures[].string] else .string end;"},
    {"split/2",
     "def split($re; $flags): [_pieces($re; \"g\" + $flags) | .[] | if type == \"array\" then .[0] "
     "else . end];"},
    {"splits/1", "def splits($re): splits($re; null);"},
    {"splits/2", "def splits($re; $flags): split($re; $flags) | .[];"},
    {"sub/2", "def sub($re; f): sub($re; f; null);"},
    {"gsub/2", "def gsub($re; f): sub($re; f; \"g\");"},
    {"gsub/3", "def gsub($re; f; $flags): sub($re; f; $flags + \"g\");"},
    // The last match's text is made first, as jq does; hence backwards, and turned round at the
    // end.
    {"sub/3",
     "def sub($re; f; $flags): _pieces($re; $flags) as $p | ($p | length) as $n | def put: "
     "($n - 2 - (length - 1) / 2) as $i | if $i < 0 then reverse | add else ($p[$i][1] | f) as "
     "$new "
     "| if ($new | type) == \"string\" then . + [$new, $p[$i][0]] | put else \"\" + $p[$i][0] + "
     "$new "
     "end end; [$p[-1]] | put;"},
    // dates
    {"todate/0", "def todate: strftime(\"%Y-%m-%dT%H:%M:%SZ\");"},
    {"fromdate/0", "def fromdate: fromdateiso8601;"},
    {"date/0", "def date: todate;"},
    {"todateiso8601/0", "def todateiso8601: strftime(\"%Y-%m-%dT%H:%M:%SZ\");"},
    {"fromdateiso8601/0", "def fromdateiso8601: strptime(\"%Y-%m-%dT%H:%M:%SZ\") | mktime;"},
    {"dateadd/2", "def dateadd(unit; n): . + n;"},
    {"datesub/2", "def datesub(unit; n): . - n;"},
    // surroundings, of which there are none
    {"env/0", "def env: {};"},
    {"debug/0", "def debug: .;"},
    {"debug/1", "def debug(f): .;"},
    {"stderr/0", "def stderr: .;"},
    {"input_line_number/0", "def input_line_number: 0;"},
    {"input_filename/0", "def input_filename: null;"},
    {"get_search_list/0", "def get_search_list: [];"},
    {"have_literal_numbers/0", "def have_literal_numbers: true;"},
    {"have_decnum/0", "def have_decnum: false;"},
};

}  // namespace

std::string_view builtin_source(std::string_view name) {
  for (const Builtin& one : table)
    if (one.name == name) return one.source;
  return {};
}

std::vector<std::string> builtin_names() {
  std::vector<std::string> names;
  for (const Builtin& one : table)
    if (one.name[0] != '_') names.emplace_back(one.name);
  return names;
}

}  // namespace penstock::jq
