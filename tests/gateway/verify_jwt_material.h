// A published key set, and tokens signed with its private keys by another implementation (Node's).
// Claims: iss https://issuer.example, aud [penstock, other], sub sender-1, exp 1790000300,
// nbf 1789999900. Throw-away keys, made for this file.
#pragma once

#include <string_view>

namespace penstock::verify {

inline constexpr std::string_view material_jwks =
    R"({"keys":[{"kty":"RSA","n":"1TH52adaypSJnt6e2iEmgCuWlrMm7WwjKiUuhBdvhkFWZKR46Iav4esC8)"
    R"(gfOTvNfqO52QA8m-EW3ledUK4kqbmTnJpufMerw_aUmSPIbSydvEzH5yrO3ZssUOPt7Da4FZP01Piq42kBPj)"
    R"(adt-ZV0jWwwdZdss8gENz_asUHKvw5dw8pr2WpC1PO521JxEkwBkSTxpEQ68VoNxLvQHgqYS-VmU26qPeQ0u)"
    R"(CaGWG2BTuKkNmZzJzleBaWaODiwCNsl-aLQNf-Rl5UeaR6HFeSwjnJ2NIqxZ4l0fiV0yF0mdpWud58ovjHJ8)"
    R"(8iaFgXlNiXyg2SWdnPtQWMJpt3FXUeF1w","e":"AQAB","kid":"rsa"},{"kty":"EC","x":"7bBCy6Ag)"
    R"(I1JvA6ublZUNHLCYPRm4h-TFdBAwl6jzRvo","y":"ZAPtivkywnIPyii6b8ZVh3Mmlvz7-74WIUL3w70VWq)"
    R"(c","crv":"P-256","kid":"ec"},{"crv":"Ed25519","x":"J6ZYcHihSHC9P3PWONobhYJry16yHjHhx)"
    R"(kogwhqwhBk","kty":"OKP","kid":"ed"}]})";
inline constexpr std::string_view material_rs256 =
    R"(eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXV)"
    R"(kIjpbInBlbnN0b2NrIiwib3RoZXIiXSwic3ViIjoic2VuZGVyLTEiLCJleHAiOjE3OTAwMDAzMDAsIm5iZiI)"
    R"(6MTc4OTk5OTkwMH0.kQiYdt-QXIk3U9oEbS0bl_BA9MgxGy78UgzvbbVOC1ZOs7AxHYFY8b31d2ilBjD0jMm)"
    R"(Jh7cyZzUSYXOWK-hseTURJFZ39MiHUS1alaE1TM2C8G6nb9mm2b1RDeCjU_VJzyPq2J6yUSBykhk65GcEGN6)"
    R"(zgwC0NaRsBEe5VbHKuGL2LUmHSuU6vCkaoo_60UU1UCquuBudrIsMCJmt4mnrZ9nPv5x560Go2z-35InTmof)"
    R"(kz9KNKqtVtGEqFpC4Scp8okTdp09DOE00943-1cjNImoaYdt2wzOOhruQxNgBvfvZPdxoJTCvv5_0O0_zoMs)"
    R"(hMZCnnJHmhL9YvXLibcZN9g)";
inline constexpr std::string_view material_es256 =
    R"(eyJhbGciOiJFUzI1NiIsImtpZCI6ImVjIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVk)"
    R"(IjpbInBlbnN0b2NrIiwib3RoZXIiXSwic3ViIjoic2VuZGVyLTEiLCJleHAiOjE3OTAwMDAzMDAsIm5iZiI6)"
    R"(MTc4OTk5OTkwMH0.dethz1BF84l3h1pS41aOXtbrrtU-Kx0zvNRftnxEvNDomqmX8XqqOtOadxpysG8iqfIE)"
    R"(KAj9RePQJYbQk_qAdw)";
inline constexpr std::string_view material_eddsa =
    R"(eyJhbGciOiJFZERTQSIsImtpZCI6ImVkIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVk)"
    R"(IjpbInBlbnN0b2NrIiwib3RoZXIiXSwic3ViIjoic2VuZGVyLTEiLCJleHAiOjE3OTAwMDAzMDAsIm5iZiI6)"
    R"(MTc4OTk5OTkwMH0.slyP8UDHbYCWxJijOgKSW-Z0Iij6l3Rwzp6SbmC1ds2szwEcQG_2ECuY3d3qhp8rG8J8)"
    R"(turOtnynjDKeVzBoAA)";
/// The RSA key of the set.
inline constexpr std::string_view material_pem = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1TH52adaypSJnt6e2iEm
gCuWlrMm7WwjKiUuhBdvhkFWZKR46Iav4esC8gfOTvNfqO52QA8m+EW3ledUK4kq
bmTnJpufMerw/aUmSPIbSydvEzH5yrO3ZssUOPt7Da4FZP01Piq42kBPjadt+ZV0
jWwwdZdss8gENz/asUHKvw5dw8pr2WpC1PO521JxEkwBkSTxpEQ68VoNxLvQHgqY
S+VmU26qPeQ0uCaGWG2BTuKkNmZzJzleBaWaODiwCNsl+aLQNf+Rl5UeaR6HFeSw
jnJ2NIqxZ4l0fiV0yF0mdpWud58ovjHJ88iaFgXlNiXyg2SWdnPtQWMJpt3FXUeF
1wIDAQAB
-----END PUBLIC KEY-----
)";
/// HS256 over the text of that PEM: what a forger would try.
inline constexpr std::string_view material_confused =
    R"(eyJhbGciOiJIUzI1NiIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXV)"
    R"(kIjpbInBlbnN0b2NrIiwib3RoZXIiXSwic3ViIjoic2VuZGVyLTEiLCJleHAiOjE3OTAwMDAzMDAsIm5iZiI)"
    R"(6MTc4OTk5OTkwMH0.YUBiUz7teACTYcHslqW8e6UEpQLvMzv8JhSk5vXAFoM)";

}  // namespace penstock::verify
