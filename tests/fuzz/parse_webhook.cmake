# Included by tests/fuzz/CMakeLists.txt under ASSISTLY_FUZZ. To run it for a minute,
# from a copy of the stored payloads as the corpus:
#   parse_webhook_fuzz -max_total_time=60 -max_len=6000 CORPUS
file(GLOB WEBHOOK_SOURCES CONFIGURE_DEPENDS
  ${CMAKE_SOURCE_DIR}/protocol/webhook/*.cpp)
add_executable(parse_webhook_fuzz
  ${CMAKE_CURRENT_LIST_DIR}/parse_webhook_fuzz.cpp)
# From source, since the code under test must be instrumented as well.
target_sources(parse_webhook_fuzz PRIVATE
  ${WEBHOOK_SOURCES}
  ${CMAKE_SOURCE_DIR}/crypto/constant_time.cpp
  ${CMAKE_SOURCE_DIR}/crypto/digest.cpp
  ${CMAKE_SOURCE_DIR}/crypto/encoding.cpp
  ${CMAKE_SOURCE_DIR}/crypto/hmac.cpp
  ${CMAKE_SOURCE_DIR}/model/names.cpp)
target_link_libraries(parse_webhook_fuzz PRIVATE
  assistly_options simdjson::simdjson OpenSSL::Crypto)
target_compile_definitions(parse_webhook_fuzz PRIVATE SIMDJSON_EXCEPTIONS=0)
target_compile_options(parse_webhook_fuzz PRIVATE
  -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined)
target_link_options(parse_webhook_fuzz PRIVATE
  -fsanitize=fuzzer,address,undefined)
