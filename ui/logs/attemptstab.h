// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/record.h"

#include <QWidget>

class QTreeView;

namespace portolan::ui {

class AttemptModel;
class ElidedLabel;
class PlainLabel;
class WaterfallView;

/// The attempts of a request: a list at the left, their waterfall at the right on the same lines, and under
/// them what the provider of the selected attempt said.
class AttemptsTab : public QWidget
{
    Q_OBJECT

public:
    explicit AttemptsTab(QWidget *parent = nullptr);

    /// `total_us` since the request began: its end, or now while it runs. Another request selects its last
    /// failed attempt; the same one keeps what is selected.
    void setRecord(const trace::Record &record, std::int64_t total_us);

private:
    QWidget *createList();
    QWidget *createSaid();
    void select(int line);
    void showSelected();

    AttemptModel *m_model;
    QTreeView *m_list = nullptr;
    WaterfallView *m_waterfall = nullptr;
    PlainLabel *m_saidWho = nullptr;
    PlainLabel *m_saidLead = nullptr;
    PlainLabel *m_said = nullptr;
    PlainLabel *m_facts = nullptr;
    RequestId m_shown{};
};

} // namespace portolan::ui
