// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/logs/requeststate.h"
#include "ui/logs/waterfall.h"

#include <QAbstractItemModel>

#include <vector>

namespace portolan::ui {

/// The attempts of one request and what happened between them: a line each, in order. RawRole of Status is
/// the number.
class AttemptModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Number, Target, Status, What, Duration };
    static constexpr int kColumns = Duration + 1;
    enum Role {
        AttemptRole = Qt::UserRole, ///< index of the attempt the line belongs to
        BetweenRole,                ///< true for a line between attempts
        MarkRole,                   ///< AttemptMark as int
    };

    struct Line {
        int attempt = 0;
        bool between = false;
        std::int64_t from_us = -1; ///< of a pause between attempts; -1: there was none
        std::int64_t to_us = -1;
    };

    using QAbstractItemModel::QAbstractItemModel;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    /// `now_us` since the request began: the end of attempts that still run.
    void setAttempts(std::vector<trace::Attempt> attempts, std::int64_t now_us);

    [[nodiscard]] const std::vector<trace::Attempt> &attempts() const { return m_attempts; }
    [[nodiscard]] const std::vector<Line> &lines() const { return m_lines; }
    [[nodiscard]] std::int64_t now() const { return m_now_us; }
    [[nodiscard]] int lineOfAttempt(int attempt) const; ///< -1: no such attempt

private:
    [[nodiscard]] QString text(const Line &line, int column) const;

    std::vector<trace::Attempt> m_attempts;
    std::vector<Line> m_lines;
    std::int64_t m_now_us = 0;
};

/// Why an attempt ended as it did, in our words: "rate limit of the provider", "ok, streamed".
[[nodiscard]] QString attemptReason(const trace::Attempt &attempt);

} // namespace portolan::ui
