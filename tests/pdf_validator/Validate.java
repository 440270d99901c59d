import java.io.FileInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Holds PDF files against PDF/UA and PDF/A profiles, many files in one process.
 *
 * Arguments: flavours joined by commas (ua1,3a), then files. Prints one line a file and flavour,
 * fields parted by tabs: file, flavour, "ok" or "not met", number of checks made, and for each
 * broken rule a further field "clause-test: message @ place". Always ends with 0 when it ran.
 */
public final class Validate {
    private Validate() {
    }

    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        List<PDFAFlavour> flavours = new ArrayList<>();
        for (String name : arguments[0].split(",")) {
            flavours.add(PDFAFlavour.byFlavourId(name));
        }
        for (int index = 1; index < arguments.length; index++) {
            for (PDFAFlavour flavour : flavours) {
                System.out.println(line(arguments[index], flavour));
            }
        }
    }

    private static String line(String file, PDFAFlavour flavour) throws Exception {
        try (InputStream stream = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(stream, flavour);
                PDFAValidator validator =
                        Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            List<String> fields = new ArrayList<>(List.of(
                    file,
                    flavour.getId(),
                    result.isCompliant() ? "ok" : "not met",
                    String.valueOf(result.getTotalAssertions())));
            fields.addAll(broken(result));
            return String.join("\t", fields);
        }
    }

    /** One entry a rule, not one an occurrence: the first place is enough to find the others. */
    private static List<String> broken(ValidationResult result) {
        TreeSet<String> seen = new TreeSet<>();
        List<String> found = new ArrayList<>();
        for (TestAssertion check : result.getTestAssertions()) {
            String rule = check.getRuleId().getClause() + "-" + check.getRuleId().getTestNumber();
            if (check.getStatus() == TestAssertion.Status.FAILED && seen.add(rule)) {
                String text = check.getMessage() + " @ " + check.getLocation().getContext();
                found.add(rule + ": " + text.replaceAll("\\s+", " "));
            }
        }
        return found;
    }
}
