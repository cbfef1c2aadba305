// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/logs/bodydocument.h"

#include <QWidget>

#include <memory>
#include <optional>

class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace portolan::ui {

class ElidedLabel;
class IconButton;
class PlainLabel;
class SegmentedControl;

/// Shows a recorded body: pretty or raw, a stream as text, events or raw; with find and wrap. Everything is
/// made ready in a worker; what is on screen grows by pages of 1 MiB.
class BodyView : public QWidget
{
    Q_OBJECT

public:
    explicit BodyView(const QString &name, QWidget *parent = nullptr);

    void setBody(trace::Body body);
    /// Instead of a body: why there is none. With `offer_settings` a button leads to what decides it.
    void setMessage(const QString &text, bool offer_settings);

    void openFind();
    [[nodiscard]] bool canFind() const { return m_document != nullptr; }
    [[nodiscard]] QString shownText() const;

signals:
    void storageSettingsRequested();

private:
    QWidget *createTools();
    QWidget *createFindBar();
    QWidget *createFoot();
    void showDocument(std::shared_ptr<const BodyDocument> document);
    void offerForms();
    void showForm(BodyDocument::Form form);
    void showMore();
    void updateFoot();
    void closeFind();
    void find(bool backwards);
    void setWrapped(bool wrapped);

    std::shared_ptr<const BodyDocument> m_document;
    std::optional<BodyDocument::Form> m_wantedForm; // the person's choice, kept from one request to the next
    BodyDocument::Form m_form = BodyDocument::Form::Raw;
    std::size_t m_shown = 0; // bytes of the view's text that are on screen
    QString m_facts;
    quint64 m_generation = 0;

    QWidget *m_tools = nullptr;
    SegmentedControl *m_forms = nullptr; // made anew for each set of forms; null when there is no choice
    ElidedLabel *m_info = nullptr;
    IconButton *m_wrap = nullptr;
    QPlainTextEdit *m_text = nullptr;
    QWidget *m_findBar = nullptr;
    QLineEdit *m_findText = nullptr;
    PlainLabel *m_findState = nullptr;
    QWidget *m_foot = nullptr;
    QPushButton *m_more = nullptr;
    QWidget *m_message = nullptr;
    PlainLabel *m_messageText = nullptr;
    QPushButton *m_messageButton = nullptr;
};

} // namespace portolan::ui
