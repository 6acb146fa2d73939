# Writes TEXT into the C++ source OUTPUT as the value of one function:
# cmake -DTEXT=file -DOUTPUT=file.cpp -P embed_text.cmake
file(READ "${TEXT}" content)
string(FIND "${content}" ")embedded\"" clash)
if(NOT clash EQUAL -1)
  message(FATAL_ERROR "${TEXT} holds the mark that ends it")
endif()
file(WRITE "${OUTPUT}" "// Made from ${TEXT}; change that file.
#include \"config/demo.hpp\"

namespace assistly::config {

std::string_view demo_business_toml() noexcept {
  return R\"embedded(${content})embedded\";
}

} // namespace assistly::config
")
