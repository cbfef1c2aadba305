# SPDX-License-Identifier: GPL-3.0-or-later
# What a room may use is what its target links; tests/arch reads the includes and checks the same.

# portolan_add_room(NAME SOURCES ... PUBLIC ... PRIVATE ...): the static library portolan_NAME.
function(portolan_add_room name)
    cmake_parse_arguments(ROOM "QT" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(portolan_${name} STATIC ${ROOM_SOURCES})
    target_include_directories(portolan_${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(portolan_${name} PUBLIC ${ROOM_PUBLIC} PRIVATE portolan_options ${ROOM_PRIVATE})
    if(ROOM_QT)
        set_target_properties(portolan_${name} PROPERTIES AUTOMOC ON)
    endif()
endfunction()

# portolan_add_test(tst_name SOURCES ... LIBRARIES ... [LABELS ...] [TIMEOUT s] [XVFB]): a Qt Test program. Without
# XVFB it runs on the offscreen platform; with it, in a real window under Xvfb with a window manager. The first folder
# below tests/ (core, ui, app) is a label too: packaging/test.sh chooses by it.
function(portolan_add_test name)
    cmake_parse_arguments(TEST "XVFB" "TIMEOUT" "SOURCES;LIBRARIES;LABELS;ENVIRONMENT" ${ARGN})
    find_package(Qt6 REQUIRED COMPONENTS Test)
    add_executable(${name} ${TEST_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
    target_compile_definitions(${name} PRIVATE PORTOLAN_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data")
    target_link_libraries(${name} PRIVATE portolan_options Qt6::Test ${TEST_LIBRARIES})
    if(TEST_XVFB)
        add_test(NAME ${name} COMMAND ${PROJECT_SOURCE_DIR}/packaging/with-display.sh $<TARGET_FILE:${name}>)
    else()
        add_test(NAME ${name} COMMAND ${name})
        list(APPEND TEST_ENVIRONMENT QT_QPA_PLATFORM=offscreen)
    endif()
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
    string(REGEX REPLACE "/.*" "" folder "${folder}")
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
