//! The `checkstyle` format: Checkstyle XML, with one `file` element per file.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};

use super::{Report, Reporter, Summary, escape_unprintable};

/// Writes Checkstyle XML.
pub(super) struct Checkstyle<'w> {
    out: Writer<Box<dyn Write + 'w>>,
    has_started: bool,
    /// The name of the file whose element is open.
    open_file: Option<String>,
}

impl<'w> Checkstyle<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out: Writer::new_with_indent(out, b' ', 2),
            has_started: false,
            open_file: None,
        }
    }

    /// Writes the XML declaration and the start of the root element, once.
    fn start(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.has_started, true) {
            let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
            self.out.write_event(Event::Decl(declaration))?;
            let root = BytesStart::new("checkstyle").with_attributes([("version", "4.3")]);
            self.out.write_event(Event::Start(root))?;
        }
        Ok(())
    }

    /// Opens the element of a file, unless it is open already.
    fn open_file(&mut self, file: &str) -> io::Result<()> {
        if self.open_file.as_deref() != Some(file) {
            self.close_file()?;
            let name = escape_unprintable(file);
            let element = BytesStart::new("file").with_attributes([("name", &*name)]);
            self.out.write_event(Event::Start(element))?;
            self.open_file = Some(file.to_owned());
        }
        Ok(())
    }

    /// Closes the element of the current file, if there is one.
    fn close_file(&mut self) -> io::Result<()> {
        if self.open_file.take().is_some() {
            self.out.write_event(Event::End(BytesEnd::new("file")))?;
        }
        Ok(())
    }
}

impl Reporter for Checkstyle<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        self.start()?;
        for finding in report.findings() {
            self.open_file(report.file)?;
            let position = report.lines.position(finding.span.start);
            let (line, column) = (position.line.to_string(), position.column.to_string());
            // An XML parser normalizes a tab in an attribute to a space.
            let message = escape_unprintable(&finding.message).replace('\t', " ");
            let source = format!("countersign.{}", finding.rule);
            let error = BytesStart::new("error").with_attributes([
                ("line", &*line),
                ("column", &*column),
                ("severity", finding.level.as_str()),
                ("message", &*message),
                ("source", &*source),
            ]);
            self.out.write_event(Event::Empty(error))?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.start()?;
        if let Some(interruption) = summary.interruption() {
            let (file, line) = summary.last_place();
            self.open_file(&file)?;
            let line = line.to_string();
            let element = BytesStart::new("error").with_attributes([
                ("line", &*line),
                ("severity", "error"),
                ("message", &*interruption),
                ("source", "countersign.interrupted"),
            ]);
            self.out.write_event(Event::Empty(element))?;
        }
        self.close_file()?;
        self.out
            .write_event(Event::End(BytesEnd::new("checkstyle")))?;
        let out = self.out.get_mut();
        out.write_all(b"\n")?;
        out.flush()
    }
}
