# SPDX-License-Identifier: GPL-3.0-or-later
# Test programs: one per unit, each an entry of ctest with a process of its own. They are most of what a full build
# compiles, and run.sh's user waits for none of them, so what one costs is kept small: precompiled headers, moc run on
# the one file that needs it (AUTOMOC would look through every target), little optimization, helpers compiled once.

find_package(Qt6 6.4 REQUIRED COMPONENTS Test)

# Qt6::Test without its macros that name the test's folder: with them no two folders could share a precompiled header.
add_library(portolan_qttest INTERFACE)
target_include_directories(portolan_qttest SYSTEM INTERFACE
    $<TARGET_PROPERTY:Qt6::Test,INTERFACE_INCLUDE_DIRECTORIES>)
target_link_libraries(portolan_qttest INTERFACE Qt6::Core $<LINK_ONLY:Qt6::Test>)

# The first folder below tests/ (core, ui, app, arch) of the folder that is being read.
function(portolan_test_folder variable)
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
    string(REGEX REPLACE "/.*" "" folder "${folder}")
    set(${variable} ${folder} PARENT_SCOPE)
endfunction()

# What test programs and their helpers are compiled with.
function(portolan_test_flags target)
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${target} PRIVATE PORTOLAN_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
    target_compile_options(${target} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O1>)
    target_link_libraries(${target} PRIVATE portolan_options portolan_qttest)
    portolan_test_folder(folder)
    if(folder STREQUAL ui)
        portolan_precompile(${target} windowtest)
    else()
        portolan_precompile(${target} coretest)
    endif()
endfunction()

# portolan_add_test_library(NAME SOURCES ... LIBRARIES ...): what several tests of a folder use, compiled once.
function(portolan_add_test_library name)
    cmake_parse_arguments(TEST "" "" "SOURCES;LIBRARIES" ${ARGN})
    add_library(${name} STATIC ${TEST_SOURCES})
    target_link_libraries(${name} PUBLIC ${TEST_LIBRARIES})
    portolan_test_flags(${name})
endfunction()

# portolan_add_test(tst_name SOURCES ... LIBRARIES ... [LABELS ...] [TIMEOUT s] [XVFB]): a Qt Test program. Its class
# stands in the one source tst_*.cpp, which ends with #include "tst_*.moc". Without XVFB it runs on the offscreen
# platform; with it, in a real window under Xvfb with a window manager. The first folder below tests/ is a label too:
# packaging/test.sh chooses by it.
function(portolan_add_test name)
    cmake_parse_arguments(TEST "XVFB" "TIMEOUT" "SOURCES;LIBRARIES;LABELS;ENVIRONMENT" ${ARGN})
    add_executable(${name} ${TEST_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE ${TEST_LIBRARIES})
    portolan_test_flags(${name})
    portolan_moc_test(${name})

    if(TEST_XVFB)
        add_test(NAME ${name} COMMAND ${PROJECT_SOURCE_DIR}/packaging/with-display.sh $<TARGET_FILE:${name}>)
    else()
        add_test(NAME ${name} COMMAND ${name})
        list(APPEND TEST_ENVIRONMENT QT_QPA_PLATFORM=offscreen)
    endif()
    portolan_test_folder(folder)
    list(APPEND TEST_LABELS ${folder})
    list(REMOVE_DUPLICATES TEST_LABELS)
    if(NOT TEST_TIMEOUT)
        set(TEST_TIMEOUT 120)
    endif()
    set_tests_properties(${name} PROPERTIES
        TIMEOUT ${TEST_TIMEOUT}
        LABELS "${TEST_LABELS}"
        ENVIRONMENT "${TEST_ENVIRONMENT};LC_ALL=C.UTF-8;TZ=UTC"
    )
endfunction()

# Makes the tst_*.moc of a test's tst_*.cpp. In a folder of the target's own: two programs may share a source.
function(portolan_moc_test name)
    get_target_property(sources ${name} SOURCES)
    list(FILTER sources INCLUDE REGEX "(^|/)tst_[a-z0-9]+\\.cpp$")
    get_filename_component(source ${sources} ABSOLUTE)
    get_filename_component(unit ${source} NAME_WE)
    set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name}_moc)
    add_custom_command(
        OUTPUT ${folder}/${unit}.moc
        COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
        COMMAND Qt6::moc -o ${folder}/${unit}.moc ${source}
        DEPENDS ${source}
        VERBATIM
    )
    target_sources(${name} PRIVATE ${folder}/${unit}.moc)
    target_include_directories(${name} PRIVATE ${folder})
endfunction()
