# Debian 12's packages. CAF ships no CMake package there.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)

pkg_check_modules(POSTGRES REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(SPDLOG REQUIRED IMPORTED_TARGET spdlog)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(simdjson REQUIRED)

find_library(CAF_CORE caf_core REQUIRED)
add_library(caf_core INTERFACE)
target_link_libraries(caf_core INTERFACE ${CAF_CORE} Threads::Threads)

find_library(STEMMER stemmer REQUIRED)
find_library(BOOST_JSON boost_json REQUIRED)

if(ASSISTLY_TESTS)
  find_package(GTest REQUIRED)
endif()
if(ASSISTLY_BENCH)
  find_package(benchmark REQUIRED)
endif()
