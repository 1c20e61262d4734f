"""Fills in a template as a person does in LibreOffice, and saves it in each format a person may choose. See README.md."""

import sys
import time
from pathlib import Path
from subprocess import DEVNULL, Popen

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

TITLE = "The night baker whose course ends in a drawer"
#: What is typed below each heading, sheet by sheet.
ANSWERS = {
    "Use case": {
        "Title *": TITLE,
        "Reads as *": "Proposed",
        "Summary *": "A night baker takes a food safety course at work. The slip stays in a drawer at the shop. Who would "
        "take a record in its place is not known.",
        "Situation › Who *": "A night baker paid by the hour. (A role, not a person.)",
        "Situation › Today *": "The course ends in a slip that the shop keeps.",
        "Situation › With a record *": "The baker would keep a record of the course and choose who sees it.",
        "What it means for you › Worker or learner › Text *": "You could show your course at the next shop. Ask first "
        "who keeps a copy of it.",
        "How race enters › Text": "Not reported.",
        "Claim › Text *": "A course that is kept by the shop is lost to the baker who leaves.",
        "Claim › Reasoning": "The slip is the shop’s, and nothing says that the baker gets a copy.",
        "Tags › Audiences": "Worker or learner",
        "Tags › Sectors": "Food and hospitality",
        "How it came about *": "Desk research",
        "Review › People with lived experience": "None",
        "Review › People who know the subject": "None",
        "Written": "2026-11-29",
        "Next review": "2027-05",
    },
    "Gains": {
        "Use case *": TITLE,
        "What *": "A course not sat again",
        "Who *": "The baker",
        "Basis *": "Reasoned",
        "Because": "A record that the baker keeps can be shown at the next shop.",
    },
    "Harms": {
        "Use case *": TITLE,
        "Type *": "Surveillance",
        "What *": "The next shop asks for every record and not only for this one",
        "Who bears it *": "The baker",
        "Safeguard": "A record can be shown alone.",
        "Principle": "ask-for-little",
        "In place": "Missing",
    },
    "Gaps": {
        "Use case *": TITLE,
        "Text *": "Whether any shop would take the record is not known.",
        "Type *": "Outcome",
    },
}
#: The ending of a file → LibreOffice’s own name of the format, and its settings.
FORMATS = {
    "xlsx": ("Calc MS Excel 2007 XML", ""),
    "ods": ("calc8", ""),
    # Values parted by semicolons, as in countries that write numbers with a comma; UTF-8; the first sheet.
    "csv": ("Text - txt - csv (StarCalc)", "59,34,76,1,,0,false,true,false"),
}
#: The first row below the headings and their explanations.
FIRST = 3


def setting(name, value):
    """One setting of LibreOffice’s own kind."""
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def desktop():
    """The running office, once it answers."""
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    while True:
        try:
            there = resolver.resolve("uno:socket,host=127.0.0.1,port=2002;urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.5)
            continue
        return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)


def headings(sheet):
    """The first row, up to its first empty cell."""
    found = []
    while text := sheet.getCellByPosition(len(found), 0).String:
        found.append(text)
    return found


def main(template, folder):
    """Open, type, save."""
    with Popen(
        ["soffice", "--headless", "--accept=socket,host=127.0.0.1,port=2002;urp;"], stdout=DEVNULL, stderr=DEVNULL
    ):
        office = desktop()
        book = office.loadComponentFromURL(Path(template).resolve().as_uri(), "_blank", 0, (setting("Hidden", True),))
        for name, answers in ANSWERS.items():
            sheet = book.Sheets.getByName(name)
            columns = headings(sheet)
            for heading, text in answers.items():
                # As typed: the program makes dates and numbers of what looks like them.
                sheet.getCellByPosition(columns.index(heading), FIRST).setPropertyValue("FormulaLocal", text)
        for ending, (name, options) in FORMATS.items():
            target = Path(folder).resolve() / f"libreoffice.{ending}"
            book.storeToURL(target.as_uri(), (setting("FilterName", name), setting("FilterOptions", options)))
        book.close(True)
        office.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
