//! For what reads Checkstyle's XML.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};

use super::{Report, Reporter, Summary, printable};

pub(super) struct Checkstyle<'w> {
    out: Writer<Box<dyn Write + 'w>>,
    is_begun: bool,
    /// The file whose element is open.
    file: Option<String>,
}

impl<'w> Checkstyle<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self {
            out: Writer::new_with_indent(out, b' ', 2),
            is_begun: false,
            file: None,
        }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.is_begun, true) {
            let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
            self.out.write_event(Event::Decl(declaration))?;
            let root = BytesStart::new("checkstyle").with_attributes([("version", "4.3")]);
            self.out.write_event(Event::Start(root))?;
        }
        Ok(())
    }

    fn open(&mut self, file: &str) -> io::Result<()> {
        if self.file.as_deref() != Some(file) {
            self.close()?;
            let name = printable(file);
            let element = BytesStart::new("file").with_attributes([("name", &*name)]);
            self.out.write_event(Event::Start(element))?;
            self.file = Some(file.to_owned());
        }
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        if self.file.take().is_some() {
            self.out.write_event(Event::End(BytesEnd::new("file")))?;
        }
        Ok(())
    }
}

impl Reporter for Checkstyle<'_> {
    fn report(&mut self, report: &Report<'_>) -> io::Result<()> {
        self.begin()?;
        for finding in report.findings() {
            self.open(report.file)?;
            let place = report.lines.position(finding.span.start);
            let (line, column) = (place.line.to_string(), place.column.to_string());
            // What an attribute would make of a tab anyway.
            let message = printable(&finding.message).replace('\t', " ");
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

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.begin()?;
        self.close()?;
        self.out
            .write_event(Event::End(BytesEnd::new("checkstyle")))?;
        let out = self.out.get_mut();
        out.write_all(b"\n")?;
        out.flush()
    }
}
