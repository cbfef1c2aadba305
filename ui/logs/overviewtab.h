// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

#include <QScrollArea>

namespace portolan::ui {

class FactColumns;
class Facts;
class NoteCard;
class PlainLabel;

/// What a request was, in numbers and words: the error if it failed, why the route went as it did, times,
/// tokens, cost and the price behind it, who asked, and the ids.
class OverviewTab : public QScrollArea
{
    Q_OBJECT

public:
    explicit OverviewTab(QWidget *parent = nullptr);

    /// `active`: it still runs, so what is missing is yet to come.
    void setRecord(const trace::Record &record, bool active);

private:
    void fillNumbers(const trace::Record &record, bool active);
    void fillCost(const trace::Record &record, bool active);
    void fillCaller(const trace::Record &record);
    void fillIds(const trace::Record &record);

    QWidget *m_errorFrame = nullptr;
    NoteCard *m_error = nullptr;
    PlainLabel *m_route = nullptr;
    Facts *m_numbers = nullptr;
    Facts *m_cost = nullptr;
    Facts *m_caller = nullptr;
    Facts *m_metadata = nullptr;
    Facts *m_ids = nullptr;
};

/// What a failed request is told as: one sentence of ours.
[[nodiscard]] QString failureHeadline(const trace::Record &record);

} // namespace portolan::ui
