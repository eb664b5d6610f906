#pragma once

// A NATS operator, an account and a user for tests, made once from constant keys: worth nothing anywhere else.

#include <string>

namespace hydrant::support {

inline constexpr const char* operator_jwt =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJpYXQiOjE2MDAwMDAwMDAsImlzcyI6Ik9DRklSWTY1T1FFN0RGU"
    "DVLTE5TMlBGMkxWWk1VWllKWDRPWklFUTM2TjJJUUFOVUI1WFZZT0NTIiwibmFtZSI6Im8iLCJuYXRzIjp7InR5cGUiOiJvcGVyY"
    "XRvciIsInZlcnNpb24iOjJ9LCJzdWIiOiJPQ0ZJUlk2NU9RRTdERlA1S0xOUzJQRjJMVlpNVVpZSlg0T1pJRVEzNk4ySVFBTlVCN"
    "VhWWU9DUyIsImp0aSI6IjdHTEFWSFhHRFBHWFo3TlJTUzNaTkhENlMzSUpTQ1lWUzRESkVFT0NGM0dPVDVIRTNESkEifQ.xSErLj"
    "eR3rBBdZNMZJCukIsXu45RAnfyen16NW69XXwpAihzl7i6ma7XnqT50NMyI0tz9u1dmeuRvLo8vQLjCA";
inline constexpr const char* account_key = "ACATS5YOVB6ROX2WUNKGNQ2MP3GMXDMKSG2O4N5CLX3A6W4PZGZZIL2R";
inline constexpr const char* account_jwt =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJpYXQiOjE2MDAwMDAwMDAsImlzcyI6Ik9DRklSWTY1T1FFN0RGU"
    "DVLTE5TMlBGMkxWWk1VWllKWDRPWklFUTM2TjJJUUFOVUI1WFZZT0NTIiwibmFtZSI6ImEiLCJuYXRzIjp7ImxpbWl0cyI6eyJzd"
    "WJzIjotMSwiZGF0YSI6LTEsInBheWxvYWQiOi0xLCJpbXBvcnRzIjotMSwiZXhwb3J0cyI6LTEsIndpbGRjYXJkcyI6dHJ1ZSwiY"
    "29ubiI6LTEsImxlYWYiOi0xfSwidHlwZSI6ImFjY291bnQiLCJ2ZXJzaW9uIjoyfSwic3ViIjoiQUNBVFM1WU9WQjZST1gyV1VOS"
    "0dOUTJNUDNHTVhETUtTRzJPNE41Q0xYM0E2VzRQWkdaWklMMlIiLCJqdGkiOiJZUFoyUTRNQlRLNVNRVk1KQUJZQzZCWUM0S1pWQ"
    "klRMkVLVTNMV0RVTFZHR0ZaNkZYM0JBIn0.Zmn78zZCYN20PJeg2SovPnbn9CMMy1o4V0VRuTMzDxEHf2DxCbFA9pv47ehErkFCR"
    "V46E-XA6wBxRijKsJ8BDw";
inline constexpr const char* user_jwt =
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJpYXQiOjE2MDAwMDAwMDAsImlzcyI6IkFDQVRTNVlPVkI2Uk9YM"
    "ldVTktHTlEyTVAzR01YRE1LU0cyTzRONUNMWDNBNlc0UFpHWlpJTDJSIiwibmFtZSI6InUiLCJuYXRzIjp7InN1YnMiOi0xLCJkY"
    "XRhIjotMSwicGF5bG9hZCI6LTEsInR5cGUiOiJ1c2VyIiwidmVyc2lvbiI6Mn0sInN1YiI6IlVEV1VTS0dHRkRJNEZSWEs1RUJUU"
    "kVDWlNWUVNTV0pISEpPR0g2SldHM0FVTUZGTVE0MzVDMlU0IiwianRpIjoiVTVWNlZWRVJUWU5RVFIySE5KRVBJNUpTVlRXRlRGS"
    "TRPQ0VCUzM1WDUyU1dLVUU1TkpFQSJ9.eq4ctGUtqB1XqB82lmduh63WKRzvnXabIskZDMq4MDBoFjbWMepj3JlCvx9XwZ_BhvEi"
    "KFWyjfcSREs93KwXBA";
inline constexpr const char* user_seed = "SUAAGAYDAMBQGAYDAMBQGAYDAMBQGAYDAMBQGAYDAMBQGAYDAMBQGA6BEM";

/// The lines that make a nats-server trust them.
inline std::string operator_config() {
  return std::string("operator: ") + operator_jwt + "\nresolver: MEMORY\nresolver_preload: { " + account_key + ": " +
         account_jwt + " }";
}

/// What stands in the user's credentials file.
inline std::string user_credentials() {
  return std::string("-----BEGIN NATS USER JWT-----\n") + user_jwt +
         "\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n" + user_seed +
         "\n------END USER NKEY SEED------\n";
}

}  // namespace hydrant::support
