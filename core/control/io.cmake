# SPDX-License-Identifier: GPL-3.0-or-later
# What the façade, the window and the command line share of input and output: the control socket, the window's single
# instance, and the search for credentials and local servers.
portolan_add_room(controlio QT
    SOURCES
        controlmessage.cpp controlmessage.h
        controlpeer.cpp controlpeer.h
        controlsocket.cpp controlsocket.h
        discovery.cpp discovery.h
        localsocket.cpp localsocket.h
        portprobe.cpp portprobe.h
        singleinstance.cpp singleinstance.h
    PUBLIC portolan_catalog portolan_trace portolan_base Qt6::Core
    PRIVATE Qt6::Network PkgConfig::sodium fmt::fmt
)
