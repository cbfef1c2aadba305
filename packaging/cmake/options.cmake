# SPDX-License-Identifier: GPL-3.0-or-later
# One interface target carries the flags of every target of ours: warnings, hardening, sanitizers.

add_library(portolan_options INTERFACE)
target_compile_features(portolan_options INTERFACE cxx_std_23)
target_compile_options(portolan_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
    -fstack-protector-strong -fstack-clash-protection
    $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>
)
target_link_options(portolan_options INTERFACE -Wl,-z,relro,-z,now)
if(NOT PORTOLAN_SANITIZE)
    target_link_options(portolan_options INTERFACE $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)
endif()
if(PORTOLAN_WERROR)
    target_compile_options(portolan_options INTERFACE -Werror)
endif()
target_compile_definitions(portolan_options INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_NARROWING_CONVERSIONS_IN_CONNECT
    QT_NO_FOREACH QT_DISABLE_DEPRECATED_BEFORE=0x060400
    SIMDJSON_EXCEPTIONS=0 # a forgotten check then fails to build instead of throwing on a provider's bytes
    BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_NO_TS_EXECUTORS BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
    # Coroutine frames come from plain new then, which glibc serves from the thread's own cache: some twenty a request.
    BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN
)
if(PORTOLAN_SANITIZE)
    # Everything, third-party headers included, must be built alike, so these are global. A report needs line numbers
    # and its code nearly as written: more optimization and debug information would only take longer to make.
    add_compile_options(-fsanitize=${PORTOLAN_SANITIZE} -fno-omit-frame-pointer -O1 -g1)
    add_link_options(-fsanitize=${PORTOLAN_SANITIZE})
endif()
find_program(PORTOLAN_LLD NAMES ld.lld-19 ld.lld)
if(PORTOLAN_LLD AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    add_link_options(--ld-path=${PORTOLAN_LLD})
endif()
