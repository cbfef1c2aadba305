# SPDX-License-Identifier: GPL-3.0-or-later
# Precompiled headers (option PORTOLAN_PCH): what most sources of a kind include is read once per kind in place of once
# per source. A full build takes half the time so. The option is off where one edits (preset dev) and in the deep runs:
# there a source that forgets an include fails.
#
# Only headers of others stand here: an edit of ours must not rebuild a floor. What a room may include is not widened:
# tests/arch reads the sources' own lines.

set(precompiled_std
    <algorithm> <array> <charconv> <chrono> <cstdint> <expected> <filesystem> <functional> <map> <memory> <optional>
    <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>
    <fmt/format.h>
)
set(precompiled_asio
    <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp>
    <boost/asio/post.hpp> <boost/asio/redirect_error.hpp> <boost/asio/steady_timer.hpp>
    <boost/asio/use_awaitable.hpp>
)
set(precompiled_qtcore
    <QCoreApplication> <QDateTime> <QJsonArray> <QJsonDocument> <QJsonObject> <QMap> <QObject> <QString> <QStringList>
    <QTimer> <QVariant>
)
set(precompiled_widgets
    <QAbstractItemModel> <QApplication> <QBoxLayout> <QDialog> <QGridLayout> <QHeaderView> <QLabel> <QLineEdit>
    <QListView> <QMenu> <QPainter> <QPushButton> <QScrollArea> <QScrollBar> <QSortFilterProxyModel> <QStackedWidget>
    <QStyle> <QStyledItemDelegate> <QStyleOption> <QTableView> <QToolButton> <QTreeView> <QWidget>
)
set(precompiled_qttest <QSignalSpy> <QTemporaryDir> <QTest>)

# The kinds. One header serves only sources with the same flags, and with macros that do not contradict. Asio's stay with
# the rooms that use it: they bring initializers into every object, which want Asio linked.
set(PORTOLAN_PCH_core ${precompiled_std})
set(PORTOLAN_PCH_asio ${precompiled_std} ${precompiled_asio})
set(PORTOLAN_PCH_qtcore ${precompiled_std} ${precompiled_qtcore})
set(PORTOLAN_PCH_qtasio ${precompiled_std} ${precompiled_asio} ${precompiled_qtcore})
set(PORTOLAN_PCH_window ${PORTOLAN_PCH_qtcore} ${precompiled_widgets})
set(PORTOLAN_PCH_coretest ${PORTOLAN_PCH_qtcore} ${precompiled_qttest})
set(PORTOLAN_PCH_windowtest ${PORTOLAN_PCH_window} ${precompiled_qttest})

# portolan_precompile(TARGET KIND): the first target of a kind compiles its header, the others use it.
function(portolan_precompile target kind)
    if(NOT PORTOLAN_PCH)
        return()
    endif()
    target_compile_options(${target} PRIVATE -pthread) # some libraries ask their users for it
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        # The same header is then the same bytes, and ccache finds what was compiled with it.
        target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
    get_property(carrier GLOBAL PROPERTY portolan_pch_carrier_${kind})
    if(carrier)
        target_precompile_headers(${target} REUSE_FROM ${carrier})
    else()
        target_precompile_headers(${target} PRIVATE ${PORTOLAN_PCH_${kind}})
        set_property(GLOBAL PROPERTY portolan_pch_carrier_${kind} ${target})
    endif()
endfunction()
