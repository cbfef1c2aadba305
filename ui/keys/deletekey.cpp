// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/deletekey.h"

#include "ui/widgets/formdialog.h"
#include "ui/widgets/labels.h"

#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

class DeleteDialog : public FormDialog
{
public:
    DeleteDialog(QWidget *over, const QString &title, const QString &text, const QString &name,
                 std::function<void()> yes)
        : FormDialog(over)
        , m_name(name)
        , m_yes(std::move(yes))
        , m_typed(new QLineEdit(this))
    {
        setAttribute(Qt::WA_DeleteOnClose);
        setObjectName(u"askToDelete"_s);
        setWindowTitle(title);
        auto *words = new PlainLabel(text, this);
        words->setWordWrap(true);
        const QString ask = FormDialog::tr("Type its name to delete it: %1").arg(name);
        auto *label = new PlainLabel(ask, this);
        label->setBuddy(m_typed);
        m_typed->setObjectName(u"typed"_s);
        m_typed->setAccessibleName(ask);
        for (QWidget *part :
             {static_cast<QWidget *>(words), static_cast<QWidget *>(label), static_cast<QWidget *>(m_typed)})
            fields()->addWidget(part);
        finish(FormDialog::tr("Delete"));
        connect(m_typed, &QLineEdit::textChanged, this, [this] { updateButtons(); });
        m_typed->setFocus();
    }

protected:
    [[nodiscard]] bool isReady() const override { return m_typed->text().trimmed() == m_name; }
    void act() override
    {
        accept();
        m_yes();
    }

private:
    const QString m_name;
    const std::function<void()> m_yes;
    QLineEdit *m_typed = nullptr;
};

} // namespace

QDialog *askToDelete(QWidget *over, const QString &title, const QString &text, const QString &name,
                     std::function<void()> yes)
{
    auto *dialog = new DeleteDialog(over, title, text, name, std::move(yes));
    dialog->open();
    return dialog;
}

} // namespace portolan::ui
