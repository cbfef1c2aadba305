// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/logs/requeststate.h"

#include <QAbstractTableModel>

#include <deque>
#include <unordered_map>

namespace portolan::ui {

/// The requests of a range, oldest first, at most `capacity` of them. Live batches cost one remove and one
/// insert each and update running requests in place; pages of history are put in front. Text is made in
/// data(), for cells that are on screen; RawRole gives the number behind it (microseconds, tokens,
/// nano-dollars, bytes).
class RequestLogModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        State,
        Time,
        ClientKey,
        Config,
        Model,
        ServedBy,
        Status,
        Attempts,
        FirstToken,
        Total,
        Tokens,
        Cost,
        Id,
        Program,
        Stream,
        Cache,
        FinishReason,
        Size,
        TraceId,
    };
    static constexpr int kColumns = TraceId + 1;

    enum Role {
        StateRole = Qt::UserRole, ///< RequestState as int
        MarksRole,                ///< one letter per attempt: o ok, x failed, - skipped, r running
    };

    explicit RequestLogModel(int capacity = 10'000, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// Starts over with nothing.
    void clear();
    void apply(const control::LiveBatch &batch);
    /// Puts a page of history (newest first, as the store gives it) before the oldest row. Requests that are
    /// here already are skipped; what would exceed the capacity is left out.
    void prependPage(const std::vector<trace::RequestRow> &page);
    void remove(const std::vector<RequestId> &ids);
    /// Puts removed entries back to their places by time.
    void restore(const std::vector<RequestEntry> &entries);
    /// Wall clock for the running times; updates the rows that still run. Microseconds since 1970.
    void tick(std::int64_t now_us);

    [[nodiscard]] const RequestEntry &entry(int row) const { return m_entries[std::size_t(row)]; }
    [[nodiscard]] int rowOf(RequestId id) const; ///< -1: not here
    [[nodiscard]] RequestId oldest() const
    {
        return m_entries.empty() ? RequestId{} : m_entries.front().row.id;
    }
    [[nodiscard]] int capacity() const { return m_capacity; }
    [[nodiscard]] bool isFull() const { return int(m_entries.size()) >= m_capacity; }
    [[nodiscard]] int activeCount() const { return m_active; }
    /// Microseconds since the request began; -1 before its first tick.
    [[nodiscard]] std::int64_t elapsed(const RequestEntry &entry) const;

    [[nodiscard]] static bool isNumeric(int column);

private:
    [[nodiscard]] QString text(const RequestEntry &entry, int column) const;
    [[nodiscard]] QVariant raw(const RequestEntry &entry, int column) const;
    void update(int row, const control::LiveEvent &event);
    void append(std::vector<RequestEntry> entries);
    void announce(std::vector<int> rows, int first_column, int last_column);
    void renumber(int first_row);

    const int m_capacity;
    std::deque<RequestEntry> m_entries;
    // A row is its number less m_base: rows leave at the front and come at the front without renumbering all.
    std::unordered_map<RequestId, std::int64_t> m_numbers;
    std::int64_t m_base = 0;
    std::int64_t m_now_us = 0;
    int m_active = 0;
    bool m_trimmed = false; // rows have left at the front: an unknown older id is one of them
};

} // namespace portolan::ui
