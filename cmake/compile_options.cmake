# What every target is compiled with. Warnings are errors only where
# ASSISTLY_WERROR is set (preset dev), so that a newer compiler cannot break a
# user's build.
option(ASSISTLY_WERROR "Warnings are errors" OFF)
set(ASSISTLY_SANITIZE "" CACHE STRING "address, undefined or thread")

add_library(assistly_options INTERFACE)
target_compile_options(assistly_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor)
if(ASSISTLY_WERROR)
  target_compile_options(assistly_options INTERFACE -Werror)
endif()
# A message type without an id then does not compile (CAF 0.17.6).
target_compile_definitions(assistly_options INTERFACE CAF_ENABLE_TYPE_ID_CHECKS)
target_include_directories(assistly_options INTERFACE ${CMAKE_SOURCE_DIR})

if(ASSISTLY_SANITIZE)
  target_compile_options(assistly_options INTERFACE
    -fsanitize=${ASSISTLY_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(assistly_options INTERFACE -fsanitize=${ASSISTLY_SANITIZE})
  if(ASSISTLY_SANITIZE STREQUAL "undefined")
    # CAF's headers bind references to null on purpose.
    target_compile_options(assistly_options INTERFACE -fno-sanitize=null
      -fno-sanitize-recover=undefined)
  endif()
endif()

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(assistly_options INTERFACE
    -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
  target_link_options(assistly_options INTERFACE -Wl,-z,relro,-z,now)
endif()

# A room: one static library of the sources given.
function(assistly_room name)
  add_library(assistly_${name} STATIC ${ARGN})
  target_link_libraries(assistly_${name} PUBLIC assistly_options)
endfunction()
