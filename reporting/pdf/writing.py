"""How the file is written: claimed as PDF/UA-1 beside PDF/A-3a, every object serialised once."""

import zlib
from functools import cache
from typing import Any

PDFUA_MARK = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the PDF/UA standard</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def finish(document: Any, pdf: Any) -> None:
    """Claim PDF/UA-1 beside PDF/A-3a inside the one rdf:RDF that validators read, and serialise.

    pydyf would serialise and compress every object twice, for the file and for its identifier.
    """
    for item in pdf.objects:
        extra = getattr(item, "extra", None)
        if extra is not None and extra.get("Type") == "/Metadata":
            item.stream = [part.replace(b"</rdf:RDF>", PDFUA_MARK) for part in item.stream]
    written = _written()
    pdf.objects = [written(item) for item in pdf.objects]


@cache
def _written() -> Any:
    """Return the class of a PDF object whose bytes are made once and kept."""
    import pydyf

    class Written(pydyf.Object):  # type: ignore[misc]
        data = b""
        compressible = False

        def __init__(self, item: Any) -> None:
            super().__init__()
            self.number, self.generation, self.free = item.number, item.generation, item.free
            self.compressible = item.compressible
            if item.free != "f":  # the first object of a file stands for none and has no bytes
                self.data = _compressed(item) if getattr(item, "compress", False) else item.data

    return Written


def _compressed(stream: Any) -> bytes:
    """Return a stream object with its content deflated at zlib's own level, not the slowest."""
    stream.compress = False
    content = stream.data.partition(b"\nstream\n")[2]
    content = zlib.compress(content.removesuffix(b"\nendstream"))
    stream.extra = {**stream.extra, "Filter": "/FlateDecode"}
    stream.stream = [content]
    data: bytes = stream.data
    return data
