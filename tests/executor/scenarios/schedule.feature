Feature: Schedule
  Workflows that start by themselves can be run by hand, with what would have started them.

  Scenario: Started by an event
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: started-by-an-event
      version: '1.0.0'
    schedule:
      on:
        one: { with: { type: com.example.alarm } }
    do:
      - a:
          set: { patient: '${ $workflow.input[0].patient }' }
    """
    And given the workflow input is:
    """yaml
    - patient: jo
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    patient: jo
    """

  Scenario: Started by the clock
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: started-by-the-clock
      version: '1.0.0'
    schedule:
      cron: '0 3 * * 1-5'
    do:
      - a:
          set: { done: true }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    done: true
    """

  Scenario: Started again and again
    Given a workflow with definition:
    """yaml
    document:
      dsl: '1.0.3'
      namespace: default
      name: started-again-and-again
      version: '1.0.0'
    schedule:
      every: { minutes: 5 }
    do:
      - a:
          set: { done: true }
    """
    When the workflow is executed
    Then the workflow should complete with output:
    """yaml
    done: true
    """
