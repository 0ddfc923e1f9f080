// Numbers: the C library's functions under jq's names.
#include <cmath>

#include "executor/jq/native.h"

namespace penstock::jq {
namespace {

using json::Value;

bool numbers(Call& call, const Value* args, size_t first, size_t last) {
  for (size_t i = first; i <= last; i++) {
    if (!args[i].is_number()) {
      call.fail(describe(args[i]) + " number required");
      return false;
    }
  }
  return true;
}

template <double (*function)(double)>
Value of_one(Call& call, Value* args) {
  if (!numbers(call, args, 0, 0)) return {};
  return Value::number(function(args[0].as_double()));
}

template <double (*function)(double, double)>
Value of_two(Call& call, Value* args) {
  if (!numbers(call, args, 1, 2)) return {};
  return Value::number(function(args[1].as_double(), args[2].as_double()));
}

template <double (*function)(double, double, double)>
Value of_three(Call& call, Value* args) {
  if (!numbers(call, args, 1, 3)) return {};
  return Value::number(function(args[1].as_double(), args[2].as_double(), args[3].as_double()));
}

double exp10_of(double x) {
  return std::pow(10, x);
}

double significand_of(double x) {
  if (x == 0 || !std::isfinite(x)) return x;
  return std::scalbn(x, -std::ilogb(x));
}

double ldexp_of(double x, double power) {
  const double bounded = power > 1e5 ? 1e5 : (power < -1e5 ? -1e5 : power);
  return std::isnan(power) ? power : std::ldexp(x, static_cast<int>(bounded));
}

double remainder_of(double x, double y) {
  return std::remainder(x, y);
}

double lgamma_of(double x) {
  int sign = 0;
  return ::lgamma_r(x, &sign);
}

double jn_of(double order, double x) {
  return ::jn(static_cast<int>(order), x);
}
double yn_of(double order, double x) {
  return ::yn(static_cast<int>(order), x);
}

Value pair(double first, double second) {
  Value out = Value::array();
  out.push_back(Value::number(first));
  out.push_back(Value::number(second));
  return out;
}

Value frexp_of(Call& call, Value* args) {
  if (!numbers(call, args, 0, 0)) return {};
  int exponent = 0;
  const double fraction = std::frexp(args[0].as_double(), &exponent);
  return pair(fraction, exponent);
}

Value modf_of(Call& call, Value* args) {
  if (!numbers(call, args, 0, 0)) return {};
  double whole = 0;
  const double fraction = std::modf(args[0].as_double(), &whole);
  return pair(fraction, whole);
}

Value lgamma_r_of(Call& call, Value* args) {
  if (!numbers(call, args, 0, 0)) return {};
  int sign = 0;
  const double value = ::lgamma_r(args[0].as_double(), &sign);
  return pair(value, sign);
}

template <bool (*test)(double)>
Value question(Call&, Value* args) {
  return Value::boolean(args[0].is_number() && test(args[0].as_double()));
}

bool is_infinite(double x) {
  return std::isinf(x);
}
bool is_nan(double x) {
  return std::isnan(x);
}
bool is_normal(double x) {
  return std::isnormal(x);
}

Value absolute(Call& call, Value* args) {
  if (!args[0].is_number()) return call.fail(describe(args[0]) + " has no absolute value");
  if (!(args[0].as_double() < 0)) return args[0];
  const std::string_view text = args[0].number_text();
  if (text.empty()) return Value::number(-args[0].as_double());
  return Value::number_from_text(text.substr(1));
}

// A name, and the function of the C library that bears it.
#define PENSTOCK_JQ_MATH(name) \
  { #name, 0, of_one < ::name> }

constexpr Native table[] = {
    PENSTOCK_JQ_MATH(floor),
    PENSTOCK_JQ_MATH(ceil),
    PENSTOCK_JQ_MATH(round),
    PENSTOCK_JQ_MATH(trunc),
    PENSTOCK_JQ_MATH(rint),
    PENSTOCK_JQ_MATH(nearbyint),
    PENSTOCK_JQ_MATH(fabs),
    PENSTOCK_JQ_MATH(sqrt),
    PENSTOCK_JQ_MATH(cbrt),
    PENSTOCK_JQ_MATH(exp),
    PENSTOCK_JQ_MATH(exp2),
    PENSTOCK_JQ_MATH(expm1),
    PENSTOCK_JQ_MATH(log),
    PENSTOCK_JQ_MATH(log2),
    PENSTOCK_JQ_MATH(log10),
    PENSTOCK_JQ_MATH(log1p),
    PENSTOCK_JQ_MATH(logb),
    PENSTOCK_JQ_MATH(sin),
    PENSTOCK_JQ_MATH(cos),
    PENSTOCK_JQ_MATH(tan),
    PENSTOCK_JQ_MATH(asin),
    PENSTOCK_JQ_MATH(acos),
    PENSTOCK_JQ_MATH(atan),
    PENSTOCK_JQ_MATH(sinh),
    PENSTOCK_JQ_MATH(cosh),
    PENSTOCK_JQ_MATH(tanh),
    PENSTOCK_JQ_MATH(asinh),
    PENSTOCK_JQ_MATH(acosh),
    PENSTOCK_JQ_MATH(atanh),
    PENSTOCK_JQ_MATH(j0),
    PENSTOCK_JQ_MATH(j1),
    PENSTOCK_JQ_MATH(y0),
    PENSTOCK_JQ_MATH(y1),
    PENSTOCK_JQ_MATH(tgamma),
    PENSTOCK_JQ_MATH(erf),
    PENSTOCK_JQ_MATH(erfc),
    {"exp10", 0, of_one<exp10_of>},
    {"pow10", 0, of_one<exp10_of>},
    {"significand", 0, of_one<significand_of>},
    {"gamma", 0, of_one<lgamma_of>},
    {"lgamma", 0, of_one<lgamma_of>},
    {"lgamma_r", 0, lgamma_r_of},
    {"frexp", 0, frexp_of},
    {"modf", 0, modf_of},
    {"abs", 0, absolute},
    {"pow", 2, of_two<::pow>},
    {"atan2", 2, of_two<::atan2>},
    {"fmod", 2, of_two<::fmod>},
    {"fmin", 2, of_two<::fmin>},
    {"fmax", 2, of_two<::fmax>},
    {"fdim", 2, of_two<::fdim>},
    {"hypot", 2, of_two<::hypot>},
    {"copysign", 2, of_two<::copysign>},
    {"nextafter", 2, of_two<::nextafter>},
    {"nexttoward", 2, of_two<::nextafter>},
    {"drem", 2, of_two<remainder_of>},
    {"remainder", 2, of_two<remainder_of>},
    {"ldexp", 2, of_two<ldexp_of>},
    {"scalb", 2, of_two<ldexp_of>},
    {"scalbln", 2, of_two<ldexp_of>},
    {"jn", 2, of_two<jn_of>},
    {"yn", 2, of_two<yn_of>},
    {"fma", 3, of_three<::fma>},
    {"isinfinite", 0, question<is_infinite>},
    {"isnan", 0, question<is_nan>},
    {"isnormal", 0, question<is_normal>},
};

#undef PENSTOCK_JQ_MATH

}  // namespace

std::span<const Native> math_natives() {
  return table;
}

}  // namespace penstock::jq
