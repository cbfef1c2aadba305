# SPDX-License-Identifier: GPL-3.0-or-later
# What a room may use is what its target links; tests/arch reads the includes and checks the same.

# portolan_add_room(NAME SOURCES ... PUBLIC ... PRIVATE ...): the static library portolan_NAME.
function(portolan_add_room name)
    cmake_parse_arguments(ROOM "QT" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
    add_library(portolan_${name} STATIC ${ROOM_SOURCES})
    target_include_directories(portolan_${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(portolan_${name} PUBLIC ${ROOM_PUBLIC} PRIVATE portolan_options ${ROOM_PRIVATE})

    set(libraries portolan_${name} ${ROOM_PUBLIC} ${ROOM_PRIVATE})
    if(Qt6::Widgets IN_LIST libraries)
        set(kind window)
    elseif(Qt6::Core IN_LIST libraries)
        set(kind qtcore)
    else()
        set(kind core)
    endif()
    if(portolan_http IN_LIST libraries)
        string(REPLACE core asio kind ${kind})
    endif()
    portolan_precompile(portolan_${name} ${kind})

    if(ROOM_QT)
        set_target_properties(portolan_${name} PROPERTIES AUTOMOC ON)
    endif()
endfunction()
