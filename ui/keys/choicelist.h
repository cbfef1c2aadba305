// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

class QLineEdit;
class QListWidget;
class QRadioButton;

namespace portolan::ui {

/// All, or only those that are ticked in a list with a search.
class ChoiceList : public QWidget
{
    Q_OBJECT

public:
    struct Words {
        QString all{};    ///< "All models of the account"
        QString some{};   ///< "Only these"
        QString search{}; ///< "Search models"
    };
    enum class Others { Refused, Typed }; ///< Typed: Enter adds what the list does not know

    ChoiceList(const Words &words, Others others, QWidget *parent = nullptr);

    /// What the list offers; what was ticked stays so, known or not.
    void setKnown(const QStringList &known);
    void setChosen(const QStringList &chosen); ///< empty: all
    [[nodiscard]] QStringList chosen() const;  ///< empty: all
    [[nodiscard]] bool isReady() const;        ///< "only these" with nothing ticked would mean all

signals:
    void edited();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fill(const QStringList &names, const QStringList &ticked);
    void filter();
    void addTyped();
    [[nodiscard]] QStringList ticked() const;

    const Others m_others;
    QRadioButton *m_all = nullptr;
    QRadioButton *m_some = nullptr;
    QWidget *m_part = nullptr;
    QLineEdit *m_search = nullptr;
    QListWidget *m_list = nullptr;
};

} // namespace portolan::ui
