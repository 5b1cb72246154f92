package io.distributedlock.autoconfigure;

/** Properties or beans by which locks would not work, or not as was meant. Ends the start of the application. */
final class InvalidLockConfigurationException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String mend;

    InvalidLockConfigurationException(String problem, String mend) {
        super(problem + ". " + mend + ".");
        this.problem = problem;
        this.mend = mend;
    }

    String problem() {
        return problem;
    }

    String mend() {
        return mend;
    }
}
